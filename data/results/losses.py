"""Which errors masks are left with: python losses.py STEPS OUT.csv

STEPS is the folder of the steps of `wsss-nb compare --parts segmentation --against cam` (seeds 0 to 4). One thread; lines
are added to OUT.csv. What is taught by true masks is trained here, as in full_supervision.py.
"""
import csv, sys, tempfile
from functools import partial
from itertools import permutations
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import distance_transform_edt

from wsss_nb.core.store import Packs, Store
from wsss_nb.datasets.scores import confusion, mean_iou
from wsss_nb.models.looks import segment
from wsss_nb.models.segmentation import SEGMENTATIONS, train_segmenter
from wsss_nb.study.arms import Arm, Entry
from wsss_nb.work.data import Data
from wsss_nb.work.recipe import resolved
from wsss_nb.work.steps import unpacked

KINDS, NEAR = ('too wide', 'too narrow', 'far background', 'missed', 'confused'), 8  # pixels that still count as border
ORDERS = list(permutations(range(len(KINDS))))
RECIPES = 'cam/crf', 'cam+hfpl/amn/crf'

def away(inside):
    "How far each pixel is from a region, infinity where there is none."
    return distance_transform_edt(~inside) if inside.any() else np.full(inside.shape, np.inf)

def kind_of(truth, mask):
    "For each pixel the place of its error in KINDS, -1 where there is none."
    kind = np.where(mask == truth, -1, len(KINDS) - 1)
    for k in np.setdiff1d(mask, [0]):
        wide = (truth == 0) & (mask == k)
        kind[wide] = np.where(away(truth == k) <= NEAR, 0, 2)[wide]
    for k in np.setdiff1d(truth, [0]):
        narrow = (truth == k) & (mask == 0)
        kind[narrow] = np.where(away((mask == k) & (truth == k)) <= NEAR, 1, 3)[narrow]
    return kind

def costs(masks, samples, K):
    "(mIoU, what each kind of error costs): mend one kind after the other, averaged over all orders (Shapley 1953)."
    total, mend = 0, np.zeros((len(KINDS), K + 1, K + 1))
    for mask, sample in zip(masks, samples):
        kind = kind_of(sample.mask, mask)
        total = total + confusion(sample.mask, mask, K)
        for e in range(len(KINDS)):
            wrong = confusion(np.where(kind == e, sample.mask, 255), mask, K)
            mend[e] += np.diag(wrong.sum(1)) - wrong
    gains = np.zeros(len(KINDS))
    for o in ORDERS: gains[list(o)] += np.diff([mean_iou(total + mend[list(o[:n])].sum(0)) for n in range(len(o) + 1)])
    return mean_iou(total), gains/len(ORDERS)

def made(step, folder, samples):
    "The masks of a step that stands."
    packs = Packs(Store(step.folder(folder)))
    return [unpacked(packs[o.name]) for o in samples]

def taught_by_truth(data, seed, samples):
    "What the segmentation network says that has learnt from true masks."
    how, scenes = SEGMENTATIONS['scenes'], data.split('train', seed)
    network = how.network('scenenet', scenes.classes, None, seed)
    with tempfile.TemporaryDirectory() as folder: train_segmenter(network, scenes, how, how.size, folder, seed)
    return [segment(network, o.image) for o in samples]

def sources(folder, seed):
    "(what, function that gives masks), and the samples they are of."
    entry = resolved(Entry(rho=.8, seeds='5', segmentation='scenes', refinement=1))
    data = Data(entry)
    samples = list(data.split('test', seed))
    arms = {o: Arm(resolved(Entry(method=o, rho=.8, seeds='5', segmentation='scenes', refinement=1)), data, seed) for o in RECIPES}
    found = [(f'masks of {o}', partial(made, arm.seeds('test'), folder, samples)) for o, arm in arms.items()]
    found += [(f'taught by {o}', partial(made, arm.predicted('test'), folder, samples)) for o, arm in arms.items()]
    return found + [('taught by true masks', partial(taught_by_truth, data, seed, samples))], samples, len(data.split('test', seed).classes)

if __name__ == '__main__':
    torch.set_num_threads(1)
    out = Path(sys.argv[2])
    if not out.exists(): out.write_text('what,seed,images,kind,value\n')
    done = {tuple(o[:2]) for o in csv.reader(out.open())}
    for seed in range(5):
        asked, samples, K = sources(sys.argv[1], seed)
        for what, masks in asked:
            if (what, str(seed)) in done: continue
            score, lost = costs(masks(), samples, K)
            rows = [(what, seed, len(samples), k, f'{float(v):.5f}') for k, v in zip(('mIoU', *KINDS), (score, *lost))]
            with out.open('a', newline='') as file: csv.writer(file, lineterminator='\n').writerows(rows)
            print(what, seed, rows[0][-1], flush=True)
