"Weakly supervised semantic segmentation: pixel masks learnt from image tags, as a book you can run."
from importlib import import_module as _import

_names = {
    'Sample': 'datasets.samples', 'Maps': 'datasets.samples', 'VOC': 'datasets.voc',
    'Folder': 'datasets.photos', 'predict': 'desk.predict', 'click_check': 'work.run',
    'Scenes': 'datasets.scenes', 'Score': 'datasets.rows', 'BadInput': 'core.store',
    'CAM': 'methods.cam', 'adopt': 'models.own', 'explain': 'methods.pictures', 'Recipe': 'work.recipe', 'run': 'work.run',
    'doctor': 'desk.doctor',
    'Masks': 'models.tensors', 'dense_crf': 'models.tensors', 'train_segmenter': 'models.segmentation',
    'corrections': 'datasets.corrections', 'Settings': 'work.recipe', 'recipes': 'desk.scripts', 'load': 'desk.scripts',
}
__all__ = list(_names)

def __getattr__(name):
    if name == '__version__': return _version()
    if name not in _names: raise AttributeError(f'wsss_nb has no {name!r}; it has {", ".join(_names)}')
    return getattr(_import(f'wsss_nb.{_names[name]}'), name)

def _version():
    "What is installed; in a checkout that was never installed, what settings.ini says."
    from importlib.metadata import PackageNotFoundError, version
    try: return version('wsss_nb')
    except PackageNotFoundError: pass
    from configparser import ConfigParser
    from pathlib import Path
    c = ConfigParser(delimiters='=')
    c.read(Path(__file__).parents[1]/'settings.ini', encoding='utf-8')
    return c['DEFAULT']['version'] if 'version' in c['DEFAULT'] else 'unknown'

def __dir__(): return sorted([*_names, '__version__'])
