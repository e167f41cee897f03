"""The schedule `scenes` on true masks, three seeds: python segmentation_scenes.py OUT.csv; one thread, all in CPU seconds."""
import csv, sys, tempfile, time

import torch

from wsss_nb.datasets.scenes import Scenes
from wsss_nb.datasets.scores import confusion, mean_iou
from wsss_nb.models.looks import segment
from wsss_nb.models.segmentation import SEGMENTATIONS, train_segmenter

def scored(seed, name='scenes', n=1500, split='test', weights=None):
    "(mIoU, CPU seconds) of drawing the scenes, training and prediction; 300 scored scenes."
    begun, how = time.process_time(), SEGMENTATIONS[name]
    scenes, others = Scenes(n, seed=seed), Scenes(300, seed=seed, split=split)
    network = how.network('scenenet', scenes.classes, weights, seed)
    with tempfile.TemporaryDirectory() as folder: train_segmenter(network, scenes, how, how.size, folder, seed)
    total = sum(confusion(o.mask, segment(network, o.image), network.K) for o in others)
    return float(mean_iou(total)), time.process_time() - begun

if __name__ == '__main__':
    torch.set_num_threads(1)
    with open(sys.argv[1], 'w', newline='') as file:
        table = csv.writer(file, lineterminator='\n')
        table.writerow(('seed', 'miou', 'cpu_s'))
        for seed in range(3):
            miou, cpu = scored(seed)
            table.writerow((seed, round(miou, 4), round(cpu, 1)))
