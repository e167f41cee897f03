"Everything about the package is written in settings.ini; setuptools reads it from here."
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

c = ConfigParser(delimiters='=')
c.read(Path(__file__).with_name('settings.ini'), encoding='utf-8')
c = c['DEFAULT']

extras = {o: c[f'{o}_requirements'].split() for o in 'lab gpu segments heic timm onnx cluster bench'.split()}
extras['dev'] = c['dev_requirements'].split() + [r for o, rs in extras.items() if o != 'bench' for r in rs]
shared = {f'wsss_nb._share.{o}': o for o in ('data', 'nbs')}

setup(
    name=c['lib_name'], version=c['version'], description=c['description'], author=c['author'], license=c['license'],
    long_description=Path(__file__).with_name('README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    python_requires='>=' + c['min_python'],
    classifiers=[
        'Development Status :: 3 - Alpha', 'Environment :: Console', 'Framework :: Jupyter',
        'Intended Audience :: Education', 'Intended Audience :: Science/Research', 'Operating System :: POSIX :: Linux',
        'Programming Language :: Python :: 3 :: Only',
        'Topic :: Scientific/Engineering :: Artificial Intelligence', 'Topic :: Scientific/Engineering :: Image Recognition'],
    packages=find_packages(include=[c['lib_name'] + '*']) + ['wsss_nb._share', *shared],
    package_dir={'wsss_nb._share': 'data', **shared},
    package_data={o: ['**/*'] for o in shared} | {'wsss_nb._share': [], c['lib_name']: ['py.typed']},
    exclude_package_data={'': ['.ipynb_checkpoints/*', '__pycache__/*']},
    install_requires=c['requirements'].split(), extras_require=extras,
    entry_points={'console_scripts': [f"wsss-nb={c['lib_name']}.__main__:main"],
                  'nbdev': [f"{c['lib_name']}={c['lib_name']}._modidx:d"]},
)
