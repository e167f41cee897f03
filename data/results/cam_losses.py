"""Where the mIoU of the seeds goes: python cam_losses.py OUT.csv RHO0.7 RHO0.4 RHO0.95 (run folders, seeds 0-2)."""
import csv, sys
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np
import torch, torch.nn.functional as F
from scipy.ndimage import distance_transform_edt

from wsss_nb.datasets.scenes import CLASSES, Scenes
from wsss_nb.datasets.scores import confusion, iou, mean_iou, seed_curve
from wsss_nb.methods.cam import CAM, seeds, tagged
from wsss_nb.models.networks import load_network

KINDS, NEAR = ('missed', 'border', 'background', 'other object'), 8  # pixels that still count as border
WEAK = [CLASSES.index('horse') + 1, CLASSES.index('plane') + 1]
REST = np.setdiff1d(np.arange(len(CLASSES)) + 1, WEAK)

class Kept(Scenes):
    "Scenes that are painted once."
    @cache
    def __getitem__(self, i): return super().__getitem__(i)

def maps_of(run, seed, dataset):
    "The maps that the network of a run draws for a data set."
    network = load_network(next(Path(run, f'seed-{seed}').glob('train-*'))/'network.safetensors')
    return CAM().maps(network, list(dataset))

def perfect(sample):
    "Maps without error but the grid: true masks averaged over the 12 x 12 and 18 x 18 cells of the two scales."
    truth = torch.tensor(np.stack([sample.mask == k + 1 for k in range(len(CLASSES))]), dtype=torch.float32)[None]
    fine = truth.repeat_interleave(3, 2).repeat_interleave(3, 3)  # 288 pixels: a multiple of 18 cells
    cells = F.avg_pool2d(truth, 8), F.avg_pool2d(fine, 16)
    grown = (F.interpolate(o, (24, 24), mode='bilinear', align_corners=False)[0] for o in cells)
    return tagged(sample, sum(grown).numpy())

def kind_of(truth, mask):
    "For each pixel the place of its error in KINDS, -1 where there is none."
    kind = np.where(mask == truth, -1, np.where(mask == 0, 0, 3))
    for k in np.setdiff1d(mask, [0]):
        place = np.where(distance_transform_edt(truth != k) <= NEAR, 1, 2)
        kind = np.where((truth == 0) & (mask == k), place, kind)
    return kind

def cost(maps, dataset, threshold):
    "mIoU that each kind of error costs: mend one kind after the other, averaged over all orders (Shapley 1953)."
    K, total, errors = len(CLASSES), 0, np.zeros((4, len(CLASSES) + 1, len(CLASSES) + 1), int)
    for m, sample in zip(maps, dataset):
        mask = seeds(m, threshold)
        kind = kind_of(sample.mask, mask)
        total = total + confusion(sample.mask, mask, K)
        for e in range(4): errors[e] += confusion(np.where(kind == e, sample.mask, 255), mask, K)
    mend = np.array([np.diag(e.sum(1)) - e for e in errors])
    gains, orders = np.zeros(4), list(permutations(range(4)))
    for o in orders: gains[list(o)] += np.diff([mean_iou(total + mend[list(o[:n])].sum(0)) for n in range(5)])
    return gains/len(orders)

def rows(seed, run, *others):
    "(what, value) of one seed; every threshold but that of the training images is the best one on val."
    val, test, train = (Kept(300, rho=.7, seed=seed, split=o) for o in ('val', 'test', 'train'))
    def scored(on_val, on_test):
        t = seed_curve(on_val, val).best
        return t, seed_curve(on_test, test).at(t)
    maps, ideal = maps_of(run, seed, test), [perfect(o) for o in test]
    t, c = scored(maps_of(run, seed, val), maps)
    t1, c1 = scored([perfect(o) for o in val], ideal)
    yield from (('threshold', t), ('mIoU', mean_iou(c)), ('grid', 1 - mean_iou(c1)))
    yield from zip(KINDS, cost(maps, test, t) - cost(ideal, test, t1))
    yield 'horse and plane like the rest', (2*iou(c)[REST].mean() - iou(c)[WEAK].sum())/(len(CLASSES) + 1)
    yield 'training images, own best threshold', seed_curve(maps_of(run, seed, train), train).miou.max()
    for o in others:
        yield f'trained at {Path(o).name}', mean_iou(scored(maps_of(o, seed, val), maps_of(o, seed, test))[1])

if __name__ == '__main__':
    torch.set_num_threads(1)
    with open(sys.argv[1], 'w', newline='') as file:
        table = csv.writer(file, lineterminator='\n')
        table.writerow(('what', 'seed', 'value'))
        for seed in range(3): table.writerows((what, seed, round(float(v), 5)) for what, v in rows(seed, *sys.argv[2:]))
