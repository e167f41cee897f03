"""What two networks say about the photograph of the lessons: python photograph.py ROOT WEIGHTS FOLDER EPOCHS

The arguments are those of photos_lengths.py, whose first fold is taken: MobileNetV2 from ImageNet learns the tags of 338 photographs for EPOCHS epochs,
and AMN from its maps. What stands in FOLDER is not done again. Writes into data/photograph.
"""
import sys
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.numpy import save_file

from photos_lengths import folded, plan_of, loud
from wsss_nb.core.store import shared
from wsss_nb.lessons.photograph import photograph
from wsss_nb.work.graph import execute

SEED, STEPS = 100, 120

if __name__ == '__main__':
    torch.set_num_threads(1)
    root, weights, folder, epochs = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    plan, sample = plan_of(folded(root, 0, folder), weights, SEED, 'cam/amn', epochs, STEPS), replace(photograph(), mask=None)
    host, amn = plan.host, plan.stage(1)
    maps, = host.maps(host.load(execute(plan.train, folder, loud).file('network.safetensors')), [sample])
    threshold = plan.threshold(curve=execute(plan.curve('train', 0), folder, loud), after=0)
    learnt = amn.load(execute(plan.fit(1), folder, loud).file('network.safetensors'))
    for name, o in (('cam', maps), ('amn', amn(maps, sample, threshold=threshold, network=learnt))): save_file(o.arrays(), shared('data', 'photograph', f'{name}.safetensors'))
