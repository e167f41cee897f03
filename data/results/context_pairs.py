"""How much of the map of one class lies on another: python context_pairs.py ROOT SPLIT OUT.csv METHOD=NETWORK ... [CLASS/CLASS ...]

ROOT is a data set in VOC's layout with masks. METHOD is the recipe a network was trained with (cam, cam+backdoor, seam+conta),
NETWORK its file, or the folder of a run with one seed. The first is the control; the others are compared with it image by
image. Pairs are horse/person, sofa/cat and dog/chair unless others are named. For every pair, each way round, and for the
images of SPLIT that have both tags: the share of the class's map that lies on the other's pixels (unknown ones are left
out), its mean over images, and a 95 % interval over images drawn with replacement. Few images give wide intervals: an interval
of a difference that holds 0 shows nothing either way. And they are about images, not about trainings: two trainings of one
method may differ by more, so give several. Masks are read to measure, nothing is trained.
"""
import csv, io, sys
from pathlib import Path

import numpy as np

from wsss_nb.core.store import BadInput, progress, write_text
from wsss_nb.datasets.voc import VOC
from wsss_nb.work.parts import make
from wsss_nb.work.recipe import Recipe

PAIRS = 'horse/person', 'sofa/cat', 'dog/chair'
COLUMNS = ('method', 'class', 'other', 'images', 'mass', 'low', 'high', 'against', 'difference', 'difference_low',
           'difference_high', 'data', 'split', 'draws')
DRAWS, LEAST = 2000, 5  # of the bootstrap; fewer images get no interval

def host_of(method):
    "The host of a recipe with its add-ons around it, to read networks with."
    recipe = Recipe.parse(method)
    if recipe.stages: raise BadInput(method, 'has stages', 'Give the part before the first /')
    host = make(recipe.host, 'host')
    for addon in (make(o, 'addon') for o in recipe.addons):
        if hasattr(addon, 'around'): host = addon.around(host, None)
    return host

def file_of(network):
    "The file of a network: itself, or the last one that the run in a folder trained."
    if Path(network).is_file(): return Path(network)
    found = sorted(Path(network).glob('seed-*/train-*/network-*.safetensors'), key=lambda o: o.stat().st_mtime)
    if not found: raise BadInput(network, 'holds no trained network', 'Give a file, or the folder of a finished run')
    if len({o.parts[-3] for o in found}) > 1: raise BadInput(network, 'has several seeds', 'Give the file of one')
    return found[-1]

def shares(sample, maps, pairs, classes):
    "{(class, other): the share of the class's map on the other's pixels}, for the pairs that the image has."
    full, known = dict(zip(maps.classes.tolist(), maps.full())), sample.mask != 255
    for a, b in pairs:
        j, k = classes.index(a), classes.index(b)
        if not (sample.labels[j] and sample.labels[k]): continue
        total = full[j][known].sum()
        yield (a, b), float(full[j][sample.mask == k + 1].sum()/total) if total else np.nan

def interval(values, seed=0):
    "Mean of (n) values and 95 % interval over values drawn with replacement; of few values none."
    if len(values) < LEAST: return values.mean(), '', ''
    drawn = np.random.default_rng(seed).integers(0, len(values), (DRAWS, len(values)))
    return values.mean(), *np.percentile(values[drawn].mean(1), (2.5, 97.5))

def measured(method, network, dataset, pairs):
    "{(class, other): {name: share}}"
    host, found = host_of(method), {pair: {} for pair in pairs}
    network = host.load(file_of(network))
    if tuple(network.classes) != tuple(dataset.classes):
        raise BadInput(method, f'knows {", ".join(network.classes)}', f'{dataset.name} has {", ".join(dataset.classes)}')
    with_both = [any(y[[dataset.classes.index(o) for o in pair]].all() for pair in pairs) for y in dataset.labels]
    for i in progress(np.flatnonzero(with_both), what=method):
        sample = dataset[i]
        for pair, value in shares(sample, host.maps(network, [sample])[0], pairs, dataset.classes):
            found[pair][sample.name] = value
    return found

def rows(found, dataset):
    "The rows of the table, from {method: what `measured` gives}."
    control = next(iter(found))
    for method, pairs in found.items():
        for pair, values in pairs.items():
            names = [o for o, v in values.items() if all(np.isfinite(found[m][pair][o]) for m in (control, method))]
            facts = dict(zip(COLUMNS[:4], (method, *pair, len(names))), data=dataset.name, split=dataset.split, draws=DRAWS)
            if names:
                new, old = (np.array([found[m][pair][o] for o in names]) for m in (method, control))
                facts |= dict(zip(('mass', 'low', 'high'), interval(new)))
                if method != control:
                    facts |= dict(zip(COLUMNS[7:11], (control, *interval(new - old))))
            yield {k: round(v, 4) if isinstance(v, float) else v for k, v in facts.items()}

if __name__ == '__main__':
    root, split, out, *rest = sys.argv[1:]
    methods = dict(o.rsplit('=', 1) for o in rest if '=' in o)
    asked = [o.split('/') for o in rest if '=' not in o] or [o.split('/') for o in PAIRS]
    dataset = VOC(root, split)
    known = [o for o in asked if len(o) == 2 and set(o) <= set(dataset.classes)]
    if len(known) < len(asked) or not methods:
        raise SystemExit(f'Give METHOD=NETWORK and pairs CLASS/CLASS of: {", ".join(dataset.classes)}')
    pairs = [(a, b) for pair in known for a, b in (pair, pair[::-1])]
    found = {method: measured(method, network, dataset, pairs) for method, network in methods.items()}
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator='\n')
    table.writeheader()
    table.writerows(rows(found, dataset))
    write_text(out, text.getvalue())
    print(text.getvalue(), end='')
