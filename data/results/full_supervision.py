"""What true masks teach the segmentation network of the comparisons (tie 0.8, 1,000 training images, five seeds): python full_supervision.py OUT.csv

One thread. Schedule `scenes`; 300 images of test and of cut; lines are added to OUT.csv.
"""
import csv, sys, tempfile, time
from pathlib import Path

import torch

from wsss_nb.datasets.scores import confusion, mean_iou
from wsss_nb.kernels.contours import contour_f, contours
from wsss_nb.models.looks import segment
from wsss_nb.models.segmentation import SEGMENTATIONS, train_segmenter
from wsss_nb.study.arms import Entry
from wsss_nb.work.data import Data

COLUMNS = 'seed', 'split', 'images', 'seg_miou', 'seg_contour_f', 'cpu_s'

def rows_of(seed):
    "The scores on both splits."
    begun, how, data = time.process_time(), SEGMENTATIONS['scenes'], Data(Entry(rho=.8))
    scenes = data.split('train', seed)
    network = how.network('scenenet', scenes.classes, None, seed)
    with tempfile.TemporaryDirectory() as folder: train_segmenter(network, scenes, how, how.size, folder, seed)
    for split in ('test', 'cut'):
        others = data.split(split, seed)
        masks = [segment(network, o.image) for o in others]
        total = sum(confusion(o.mask, m, network.K) for o, m in zip(others, masks))
        edges = sum(contours(o.mask, m, network.K) for o, m in zip(others, masks))
        yield seed, split, len(others), round(float(mean_iou(total)), 5), round(float(contour_f(edges).mean()), 5), round(time.process_time() - begun, 1)

if __name__ == '__main__':
    torch.set_num_threads(1)
    out = Path(sys.argv[1])
    if not out.exists(): out.write_text(','.join(COLUMNS) + '\n')
    done = {o[0] for o in csv.reader(out.open())}
    for seed in range(5):
        if str(seed) in done: continue
        rows = list(rows_of(seed))
        with out.open('a', newline='') as file: csv.writer(file, lineterminator='\n').writerows(rows)
        print(*rows, flush=True)
