"The interactive chapters in a real JupyterLab, driven through a real browser by keyboard; the pages of chapters, measured."
import json, os, secrets, shutil, socket, subprocess, sys, time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.browser
NBS = Path(__file__).resolve().parents[1]/'nbs'
CHAPTERS = 'index', '11_scenes', '12_thresholds', '13_contours', '17_cam', '20_crf', '21_walk', '65_trust', '991_explorers'
LESSONS = '11_scenes', '12_thresholds', '17_cam', '20_crf', '31_likelihood', '51_adjustment', '52_conta', '60_compare'
SECOND = 1000
SETTINGS = {'apputils-extension/notification': {'fetchNews': 'false', 'checkForUpdates': False},
            'notebook-extension/tracker': {'windowingMode': 'none'}}
RUN = 180 * SECOND
ROOT = hasattr(os, 'getuid') and os.getuid() == 0


def explores(path):
    "True if the chapter at `path` exists and shows an explorer."
    if not path.exists(): return False
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    return any('Explorer' in ''.join(o['source']) or 'explore_' in ''.join(o['source'])
               for o in cells if o['cell_type'] == 'code')


def settings_of(folder):
    "Environment in which JupyterLab neither sees nor changes the user's own settings."
    for name, text in SETTINGS.items():
        path = folder/'settings'/'@jupyterlab'/f'{name}.jupyterlab-settings'
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(text))
    folders = dict(JUPYTER_CONFIG_DIR='config', JUPYTERLAB_SETTINGS_DIR='settings', WSSS_PROGRESS='progress',
                   JUPYTERLAB_WORKSPACES_DIR='workspaces', JUPYTER_RUNTIME_DIR='runtime', IPYTHONDIR='ipython')
    threads = {f'{o}_NUM_THREADS': '1' for o in ('OMP', 'MKL', 'NUMBA', 'OPENBLAS')}
    return os.environ | threads | {k: str(folder/v) for k, v in folders.items()}


@pytest.fixture(scope='module')
def server(tmp_path_factory):
    "Address and token of a JupyterLab that serves a copy of the notebooks."
    pytest.importorskip('jupyterlab')
    folder = tmp_path_factory.mktemp('lab')
    shutil.copytree(NBS, folder/'root'/'nbs', ignore=shutil.ignore_patterns('.ipynb_checkpoints'))
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, '-m', 'jupyterlab', '--no-browser', '--ip=127.0.0.1', f'--port={port}',
               '--ServerApp.port_retries=0', f'--IdentityProvider.token={token}', '--KernelManager.transport=ipc',
               f'--ServerApp.root_dir={folder/"root"}'] + ['--ServerApp.allow_root=True'] * ROOT
    with (open(folder/'log', 'wb') as log,
          subprocess.Popen(command, cwd=folder, env=settings_of(folder), stdout=log, stderr=log) as process):
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
    "A function that opens a notebook in JupyterLab and returns the page."
    address, token = server
    def opened(name):
        page = browser.new_page(viewport=dict(width=1200, height=1400))
        page.goto(f'{address}/lab/tree/nbs/{name}.ipynb?token={token}&reset', timeout=90 * SECOND)
        return page
    return opened


def run_notebook(page, name):
    "Run all cells of the chapter that `page` shows; returns the seconds it took."
    page.locator('.jp-StatusBar-TextItem', has_text='| Idle').first.wait_for(timeout=90 * SECOND)
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


def tab_to_slider(page, explorer):
    "Press the tab key from the start of the explorer until a slider has the focus."
    explorer.evaluate('o => { o.tabIndex = -1; o.focus() }')
    for _ in range(12):
        page.keyboard.press('Tab')
        if page.evaluate('document.activeElement.getAttribute("role")') == 'slider': return
    pytest.fail('no slider can be reached by keyboard')


def changes(read, before, what, seconds=20):
    "The new value of `read()` once it differs from `before`."
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (now := read()) != before: return now
        time.sleep(.02)
    pytest.fail(f'{what} did not change: {before}')


@pytest.mark.parametrize('name', [o for o in CHAPTERS if explores(NBS/f'{o}.ipynb')])
def test_the_explorer_answers_the_keyboard(lab, name):
    page = lab(name)
    ran = run_notebook(page, name)
    explorer = page.locator('.widget-vbox:has(img.widget-image)').first
    image, words = explorer.locator('img.widget-image').first, explorer.get_by_role('status').first
    image.scroll_into_view_if_needed(timeout=20 * SECOND)
    picture, said = image.evaluate(PICTURE), words.inner_text()
    assert image.get_attribute('title').split() == said.split()
    tab_to_slider(page, explorer)
    start = time.monotonic()
    page.keyboard.press('ArrowRight')
    changes(lambda: image.evaluate(PICTURE), picture, 'the picture')
    print(f'{name}: ran in {ran:.1f} s, picture changed after {time.monotonic() - start:.2f} s')
    changes(words.inner_text, said, 'the text')
    mute = page.locator('.jp-OutputArea-output img:not([alt], [title])')
    assert not mute.count(), f'{name}: {mute.count()} pictures have no words; show them as Picture(picture, alt)'
    if folder := os.environ.get('WSSS_SCREENSHOTS'): page.screenshot(path=Path(folder)/f'browser_{name}.png')
    page.close()


HEIGHTS = """() => {
    const high = o => o.getBoundingClientRect().height;
    const code = [...document.querySelectorAll('.celltag_machinery')].reduce((sum, o) => sum + high(o), 0);
    return {page: document.documentElement.scrollHeight, code: code, folded: document.querySelectorAll('details.folded').length};
}"""


@pytest.mark.parametrize('name', LESSONS)
def test_exports_and_tests_take_a_quarter_of_a_page(browser, name, tmp_path):
    from wsss_nb.core.nbtest import page
    pytest.importorskip('nbconvert')
    (tmp_path/'page.html').write_text(page(NBS/f'{name}.ipynb'), encoding='utf-8')
    tab = browser.new_page(viewport=dict(width=800, height=1200))
    tab.route('http*://**', lambda route: route.abort())
    tab.goto(f'file://{tmp_path}/page.html', timeout=90 * SECOND)
    seen = tab.evaluate(HEIGHTS)
    print(f'{name}: {seen["page"]} px, {seen["code"]/seen["page"]:.0%} of it exports and tests')
    assert (seen['folded'] or not seen['code']) and seen['code'] <= .25 * seen['page'] and seen['page'] <= 25_000, seen
    tab.close()
