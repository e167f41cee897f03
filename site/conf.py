"How Sphinx turns the prepared notebooks into pages; `make site` calls it."
from wsss_nb import __version__
from wsss_nb.core.site import setup  # noqa: F401 Sphinx calls it: maths as MathML

project, author, copyright, release = 'wsss_nb', 'the authors of wsss_nb', 'the authors of wsss_nb', __version__
extensions = ['myst_nb']
source_suffix = {'.ipynb': 'myst-nb', '.md': 'myst-nb'}
nb_execution_mode, nb_merge_streams, nb_render_markdown_format = 'off', True, 'myst'
myst_enable_extensions = ['dollarmath', 'amsmath']
myst_dmath_double_inline, myst_heading_anchors = True, 3
html_theme, html_title, pygments_dark_style = 'furo', 'wsss_nb', 'github-dark'
html_theme_options = dict(light_css_variables={'color-brand-primary': '#0a5a8a', 'color-brand-content': '#0a5a8a'},
                          dark_css_variables={'color-brand-primary': '#7cc4f0', 'color-brand-content': '#7cc4f0'})
html_static_path, html_css_files, html_copy_source, html_show_sourcelink = ['_static'], ['site.css'], False, False
html_math_renderer = 'mathml'
suppress_warnings = ['mystnb.unknown_mime_type', 'myst.header']
