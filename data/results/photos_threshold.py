"""Can the threshold of photographs be chosen without any mask? python photos_threshold.py ROOT WEIGHTS FOLDER OUT.csv

The arguments are those of photos_default.py, which should have run before in the same FOLDER: its steps are taken over. The rule stands
in photos_threshold.json. One thread.
"""
import csv, json, sys
from pathlib import Path

import numpy as np
import torch

from photos_default import as_folder, drawn, plan_of
from wsss_nb.core.store import Packs
from wsss_nb.datasets.samples import Maps
from wsss_nb.datasets.voc import VOC
from wsss_nb.methods.cam import seeds
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import agreement_of, unpacked

CUTS = .3, .4, .5, .6

def overlap(a, b, classes):
    "IoU of two masks, a value for each tag."
    for k in classes + 1:
        either = ((a == k) | (b == k)).sum()
        if either: yield ((a == k) & (b == k)).sum()/either

def said_of(whole, weights, folder, draw):
    "{candidate: {cut: value}} of a draw; nothing of it has seen a true mask."
    photos = as_folder(whole, drawn(whole, draw), folder/f'photos-{draw}')
    run = lambda step: execute(step, folder/f'steps-{draw}', lambda line: print(line, file=sys.stderr))
    found = {'agreement': {}, 'stability': {}, 'two looks': {}}
    for cut in CUTS:
        plain, refined = (plan_of(photos, weights, draw, o, cut) for o in ('cam', 'cam/crf'))
        maps, before, after = Packs(run(plain.maps('train'))), Packs(run(plain.seeds('train'))), Packs(run(refined.seeds('train')))
        each = {name: Maps.of(name, arrays) for name, arrays in maps}
        found['agreement'][cut] = np.mean([v for n, o in each.items() for v in overlap(unpacked(before[n]), unpacked(after[n]), o.classes)])
        found['stability'][cut] = np.mean([v for o in each.values() for v in overlap(seeds(o, cut - .05), seeds(o, cut + .05), o.classes)])
    agreed = agreement_of(run(plan_of(photos, weights, draw).agreement()))
    found['two looks'] = {cut: float(np.nanmean(agreed.at(cut))) for cut in CUTS}
    return found

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, out = sys.argv[1:]
    here = Path(__file__)
    with here.with_name('photos_default.csv').open() as file:
        true = {(int(o['draw']), float(o['threshold'])): float(o['miou']) for o in csv.DictReader(file) if o['candidate'] == 'crf' and o['draw'] != 'test'}
    with open(out, 'w', newline='') as file:
        table = csv.writer(file, lineterminator='\n')
        table.writerow(('draw', 'candidate', 'threshold', 'miou', *(f'at {o}' for o in CUTS)))
        for draw in json.loads(here.with_suffix('.json').read_text())['draws']:
            table.writerow((draw, 'fixed', .4, true[draw, .4], *[''*4]*4))
            for name, values in said_of(VOC(root, 'train'), weights, Path(folder), draw).items():
                cut = max(CUTS, key=lambda o: (values[o], -o))
                table.writerow((draw, name, cut, true[draw, cut], *(f'{values[o]:.4f}' for o in CUTS)))
            file.flush()
