"The interactive chapters in a real JupyterLab, driven through a real browser by keyboard; the pages of chapters, measured."
import io, json, os, re, secrets, shutil, socket, subprocess, sys, tempfile, time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from wsss_nb.core.folds import role

pytestmark = pytest.mark.browser
NBS = Path(__file__).resolve().parents[1]/'nbs'
UPLOADS = '60_compare', '960_explore'
STRICT = '11_scenes', '12_thresholds', '17_cam', '20_crf', '31_likelihood', '51_adjustment', '52_conta', '60_compare'
SECOND = 1000
SETTINGS = {'apputils-extension/notification': {'fetchNews': 'false', 'checkForUpdates': False},
            'notebook-extension/tracker': {'windowingMode': 'none'}}
RUN = 300 * SECOND
PLAYED = re.compile(r'^(explore_\w+|watch|Explorer)\(', re.M)
ROOT = hasattr(os, 'getuid') and os.getuid() == 0


def explores(path):
    "True if the notebook at `path` shows an explorer; in a teacher's notebook that is the one of the lesson."
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    sources = (''.join(o['source']) for o in cells if o['cell_type'] == 'code')
    return 'teacher' not in path.name and any(PLAYED.search(o) and not o.startswith('#|') for o in sources)


CHAPTERS = sorted(o.stem for o in NBS.glob('*.ipynb') if explores(o))


def machinery(path):
    "The share of the cells at `path` that export or test."
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    return sum(o['cell_type'] == 'code' and bool(role(''.join(o['source']))) for o in cells)/len(cells)


# where at most 28 of 100 cells are machinery it took less than 25 of 100 pixels on every page
LESSONS = sorted({*STRICT, *(o.stem for o in NBS.glob('[1-6][0-9]_*.ipynb') if machinery(o) > .28)})


def leave_tests_out(path):
    "A reader's copy: the tests of a chapter are run as tests."
    nb = json.loads(path.read_text(encoding='utf-8'))
    nb['cells'] = [o for o in nb['cells'] if not re.search('^#\\| *test *:', ''.join(o['source']), re.M)]
    path.write_text(json.dumps(nb), encoding='utf-8')


def settings_of(folder):
    "Environment in which JupyterLab neither sees nor changes the user's own settings."
    for name, text in SETTINGS.items():
        path = folder/'settings'/'@jupyterlab'/f'{name}.jupyterlab-settings'
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(text))
    folders = dict(JUPYTER_CONFIG_DIR='config', JUPYTERLAB_SETTINGS_DIR='settings', WSSS_PROGRESS='progress',
                   JUPYTERLAB_WORKSPACES_DIR='workspaces', IPYTHONDIR='ipython')
    threads = {f'{o}_NUM_THREADS': '1' for o in ('OMP', 'MKL', 'NUMBA', 'OPENBLAS')}
    return os.environ | threads | {k: str(folder/v) for k, v in folders.items()}


@pytest.fixture(scope='module')
def sockets():
    "A folder for the sockets of kernels, whose paths may have 107 characters and no more, wherever temporary files lie."
    with tempfile.TemporaryDirectory(prefix='lab', dir='/tmp' if Path('/tmp').is_dir() else None) as folder: yield folder


@pytest.fixture(scope='module')
def server(tmp_path_factory, sockets):
    "Address and token of a JupyterLab that serves a copy of the notebooks."
    pytest.importorskip('jupyterlab')
    folder = tmp_path_factory.mktemp('lab')
    shutil.copytree(NBS, folder/'root'/'nbs', ignore=shutil.ignore_patterns('.ipynb_checkpoints'))
    for name in CHAPTERS: leave_tests_out(folder/'root'/'nbs'/f'{name}.ipynb')
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, '-m', 'jupyterlab', '--no-browser', '--ip=127.0.0.1', f'--port={port}',
               '--ServerApp.port_retries=0', f'--IdentityProvider.token={token}', '--KernelManager.transport=ipc',
               f'--ServerApp.root_dir={folder/"root"}'] + ['--ServerApp.allow_root=True'] * ROOT
    with (open(folder/'log', 'wb') as log,
          subprocess.Popen(command, cwd=folder, env=settings_of(folder) | {'JUPYTER_RUNTIME_DIR': sockets}, stdout=log, stderr=log) as process):
        try:
            wait_for(f'http://127.0.0.1:{port}/api/status?token={token}', process, folder/'log')
            yield f'http://127.0.0.1:{port}', token
        finally:
            process.terminate()
            try: process.wait(20)
            except subprocess.TimeoutExpired: process.kill()


def wait_for(address, process, log, seconds=90):
    "Return when `address` answers."
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try: return urlopen(address, timeout=5).close()
        except (URLError, OSError): time.sleep(.2)
    pytest.fail(f'JupyterLab did not start: {log.read_text(errors="replace")[-2000:]}')


@pytest.fixture(scope='module')
def browser():
    "A chromium without a window."
    api = pytest.importorskip('playwright.sync_api')
    chromium = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
    if not chromium: (pytest.fail if os.environ.get('CI') else pytest.skip)('there is no chromium')
    flags = ['--disable-gpu', '--disable-dev-shm-usage'] + ['--no-sandbox'] * ROOT
    with api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope='module')
def lab(server, browser):
    "A function that opens a notebook in JupyterLab; the page it returns notes in `page.complaints` what its console calls an error."
    address, token = server
    def opened(name):
        page = browser.new_page(viewport=dict(width=1200, height=1400))
        page.complaints = []
        page.on('console', lambda o: page.complaints.append(o.text) if o.type == 'error' else None)
        page.on('pageerror', lambda o: page.complaints.append(str(o)))
        page.goto(f'{address}/lab/tree/nbs/{name}.ipynb?token={token}&reset', timeout=90 * SECOND)
        return page
    return opened


@pytest.fixture(autouse=True)
def no_kernel_stays(request):
    "After each test the kernels of the server are stopped: twenty of them would fill the memory."
    yield
    if 'server' not in request.fixturenames: return
    address, token = request.getfixturevalue('server')
    for o in json.load(urlopen(f'{address}/api/sessions?token={token}', timeout=20)):
        urlopen(Request(f'{address}/api/sessions/{o["id"]}?token={token}', method='DELETE'), timeout=20).close()


def run_notebook(page, name):
    "Run all cells of the chapter that `page` shows; returns the seconds it took."
    page.locator('.jp-StatusBar-TextItem', has_text='| Idle').first.wait_for(timeout=RUN)
    start = time.monotonic()
    page.get_by_role('menuitem', name='Run', exact=True).click()
    page.get_by_role('menuitem', name='Run All Cells', exact=True).click()
    page.wait_for_function(f'({CELLS})().idle', timeout=RUN)
    cells = page.evaluate(CELLS)
    stopped = cells['left'] or 'Traceback (most recent' in cells['last']
    assert not stopped, f'{name} stopped, {cells["left"]} cells were not run: {cells["last"]}'
    return time.monotonic() - start


CELLS = """() => {
    const all = o => [...document.querySelectorAll(o)];
    const prompt = o => o.querySelector('.jp-InputPrompt').textContent;
    const cells = all('.jp-CodeCell').filter(o => !o.querySelector('.jp-InputPlaceholder')), ran = cells.filter(o => /\\d/.test(prompt(o)));
    const quiet = all('.jp-StatusBar-TextItem').some(o => o.textContent.includes('| Idle'));
    return {idle: quiet && ran.length > 0 && !cells.some(o => prompt(o).includes('*')),
            left: cells.length - ran.length,
            last: ran.length ? ran.at(-1).innerText.slice(-2000) : ''};
}"""
PICTURE = """async o => {
    const bytes = await (await fetch(o.src)).arrayBuffer();
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join();
}"""


KEYS = {'slider': ['ArrowRight'], 'select': ['Space', 'ArrowDown', 'Enter'], 'checkbox': ['Space']}  # JupyterLab keeps ArrowDown, unless a list is open
FOCUS = """() => {
    const o = document.activeElement;
    return o.getAttribute('role') || (o.tagName == 'INPUT' ? o.type : o.tagName.toLowerCase());
}"""


def move_first_control(page, explorer):
    "Press the tab key from the start of the explorer until a control has the focus, then the keys that move it."
    explorer.evaluate('o => { o.tabIndex = -1; o.focus() }')
    page.keyboard.press('Tab')
    kind = page.evaluate(FOCUS)
    assert kind in KEYS, f'the tab key leads to {kind}, not to the first control'
    for key in KEYS[kind]: page.keyboard.press(key)


def changes(read, before, what, seconds=20):
    "The new value of `read()` once it differs from `before`."
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (now := read()) != before: return now
        time.sleep(.02)
    pytest.fail(f'{what} did not change: {before}')


def explorer_on(page):
    "The first explorer of a page, its picture and its words."
    explorer = page.locator('.widget-vbox:has(img.widget-image)').first
    image, words = explorer.locator('img.widget-image').first, explorer.get_by_role('status').first
    image.scroll_into_view_if_needed(timeout=20 * SECOND)
    return explorer, image, words


def keep(page, name):
    "A screenshot in the folder WSSS_SCREENSHOTS, or else in build/screenshots."
    folder = Path(os.environ.get('WSSS_SCREENSHOTS') or NBS.parent/'build'/'screenshots')
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder/f'browser_{name}.png')


BAD = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'


def assert_clean(page, name):
    "No cell printed to stderr or raised, no picture is without words, the console holds no error."
    assert not (bad := page.locator(BAD).all_inner_texts()), f'{name}: {bad}'
    mute = page.locator('.jp-OutputArea-output img:not([alt], [title])')
    assert not mute.count(), f'{name}: {mute.count()} pictures have no words; show them as Picture(picture, alt)'
    assert not page.complaints, f'{name}: the console says {page.complaints}'


@pytest.mark.parametrize('name', CHAPTERS)
def test_the_explorer_answers_the_keyboard(lab, name):
    page = lab(name)
    ran = run_notebook(page, name)
    explorer, image, words = explorer_on(page)
    picture, said = image.evaluate(PICTURE), words.inner_text()
    assert image.get_attribute('title').split() == said.split()
    start = time.monotonic()
    move_first_control(page, explorer)
    changes(lambda: image.evaluate(PICTURE), picture, 'the picture')
    print(f'{name}: ran in {ran:.1f} s, picture changed after {time.monotonic() - start:.2f} s')
    changes(words.inner_text, said, 'the text')
    keep(page, name)
    if explorer.locator('.widget-upload').count(): upload(page, name)
    assert explorer.locator('.widget-upload').count() or name not in UPLOADS, f'{name} has no button for an image'
    assert_clean(page, name)
    page.close()


def give(page, explorer, name, content):
    "Choose a file with the explorer's button."
    with page.expect_file_chooser() as chooser: explorer.locator('.widget-upload').first.click()
    chooser.value.set_files(dict(name=name, mimeType='image/png', buffer=content))


def upload(page, name):
    "Give the explorer a photograph, and tag it; then a file that is none."
    explorer, image, words = explorer_on(page)
    tags, said = explorer.locator('select[multiple]'), words.inner_text()
    give(page, explorer, 'mine.png', photograph())
    said = changes(words.inner_text, said, 'the text after an upload')
    assert 'Say what your image shows' in said, said
    picture = image.evaluate(PICTURE)
    tags.select_option(index=0)
    said = changes(words.inner_text, said, 'the text after a tag')
    assert said.startswith('own image, tagged'), said
    changes(lambda: image.evaluate(PICTURE), picture, 'the picture')
    keep(page, f'{name}_upload')
    give(page, explorer, 'broken.png', photograph()[:200])
    assert 'cannot be read as an image' in changes(words.inner_text, said, 'the text after a corrupt upload')
    explorer.get_by_role('button', name='without own image').click()
    changes(words.inner_text, words.inner_text(), 'the text without the file')


def photograph():
    "A PNG of 120 x 90 pixels that no chapter knows."
    import numpy as np
    from PIL import Image
    y, x = np.mgrid[:90, :120]
    Image.fromarray(np.uint8(np.stack([2*x, 2*y, x + y], 2))).save(file := io.BytesIO(), 'png')
    return file.getvalue()


HEIGHTS = """() => {
    const high = o => o.getBoundingClientRect().height;
    const code = [...document.querySelectorAll('.celltag_machinery')].reduce((sum, o) => sum + high(o), 0);
    const scrolls = o => o && (/auto|scroll/.test(getComputedStyle(o).overflowX) || scrolls(o.parentElement));
    const lost = [...document.querySelectorAll('table')].filter(o => o.getBoundingClientRect().right > innerWidth && !scrolls(o.parentElement)).length;
    return {page: document.documentElement.scrollHeight, code: code, folded: document.querySelectorAll('details.folded').length, lost: lost};
}"""


@pytest.mark.parametrize('name', LESSONS)
def test_exports_and_tests_take_less_than_a_third_of_a_page(browser, name, tmp_path):
    from wsss_nb.core.folds import page
    pytest.importorskip('nbconvert')
    (tmp_path/'page.html').write_text(page(NBS/f'{name}.ipynb'), encoding='utf-8')
    tab = browser.new_page(viewport=dict(width=800, height=1200))
    tab.route('http*://**', lambda route: route.abort())
    tab.goto(f'file://{tmp_path}/page.html', timeout=90 * SECOND)
    seen = tab.evaluate(HEIGHTS)
    print(f'{name}: {seen["page"]} px, {seen["code"]/seen["page"]:.0%} of it exports and tests')
    most = .25 if name in STRICT else .3
    assert (seen['folded'] or not seen['code']) and seen['code'] <= most * seen['page'] and seen['page'] <= 25_000, seen
    assert not seen['lost'], f'{name}: {seen["lost"]} tables lose columns at 800 px'
    tab.close()
