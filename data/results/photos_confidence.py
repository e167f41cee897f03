"""How often is a pixel right, by the confidence of its label? python photos_confidence.py ROOT WEIGHTS FOLDER OUT.csv

The arguments are those of photos_default.py, which should have run before in the same FOLDER: its steps are taken over. The rule stands
in photos_confidence.json. One thread.
"""
import csv, json, sys
from pathlib import Path

import numpy as np
import torch

from photos_default import as_folder, drawn, ids_of, plan_of
from wsss_nb.core.store import Packs
from wsss_nb.datasets.images import read_mask
from wsss_nb.datasets.samples import Maps
from wsss_nb.datasets.voc import VOC
from wsss_nb.work.graph import execute
from wsss_nb.work.steps import unpacked
from wsss_nb.work.sure import confidence

BINS = 20

def counted(whole, weights, folder, draw):
    "Pixels of each bin, right and all: int (2,BINS)."
    photos = as_folder(whole, drawn(whole, draw), folder/f'photos-{draw}')
    plan = plan_of(photos, weights, draw, 'cam/amn/crf')
    dataset, at, ids = plan.dataset('train'), {n: i for i, n in enumerate(whole.names)}, ids_of(whole, plan.dataset('train'))
    run = lambda step: Packs(execute(step, folder/f'steps-{draw}', lambda line: print(line, file=sys.stderr)))
    masks, maps, found = run(plan.seeds('train')), run(plan.maps('train', plan.crisp)), np.zeros((2, BINS), int)
    for name in dataset.names:
        truth = ids[read_mask(whole.mask_path(at[Path(name).stem]), len(whole.classes))]
        mask = unpacked(masks[name])
        bins = np.minimum(confidence(Maps.of(name, maps[name]), mask, plan.fixed(plan.crisp))*BINS, BINS - 1).astype(int)
        for i, which in enumerate((truth == mask, np.ones(mask.shape, bool))): found[i] += np.bincount(bins[which & (truth != 255)], minlength=BINS)
    return found

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, out = sys.argv[1:]
    draws = json.loads(Path(__file__).with_suffix('.json').read_text())['draws']
    with open(out, 'w', newline='') as file:
        table = csv.writer(file, lineterminator='\n')
        table.writerow(('draw', 'from', 'to', 'pixels', 'right'))
        for draw in draws:
            right, pixels = counted(VOC(root, 'train'), weights, Path(folder), draw)
            table.writerows((draw, k/BINS, (k + 1)/BINS, pixels[k], right[k]) for k in range(BINS))
            file.flush()
