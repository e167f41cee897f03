"""How long is long enough on photographs? python photos_lengths.py ROOT WEIGHTS FOLDER OUT.csv start|crf|amn EPOCHS [SEED...]

ROOT is a data set in VOC's layout, WEIGHTS a file of MobileNetV2 trained on ImageNet; FOLDER takes the folds and the steps, and what stands
there is not done again. EPOCHS are those of the classifier. The folds, the measures and the rules stand in photos_lengths.json. One thread.
"""
import csv, shutil, sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from wsss_nb.core.store import read_json, shared
from wsss_nb.datasets.scores import best_place
from wsss_nb.datasets.tags import average_precision
from wsss_nb.methods import activation
from wsss_nb.models.training import PRESETS
from wsss_nb.work.data import Data
from wsss_nb.work.graph import execute
from wsss_nb.work.plan import Plan, checked
from wsss_nb.work.recipe import Settings
from wsss_nb.work.steps import curve_of

RULES = read_json(shared('data', 'results', 'photos_lengths.json'))
LISTS = Path('ImageSets', 'Segmentation')
COLUMNS = 'what', 'choice', 'epochs', 'seed', 'photographs', 'classes', 'miou', 'threshold', 'map', 'cpu_s'

def folded(root, fold, folder):
    "The training photographs of ROOT as a data set of its own, whose `val` is one fold."
    own = folder/f'fold-{fold}'
    if (own/LISTS/'train.txt').exists(): return own
    names = (root/LISTS/'train.txt').read_text().split()
    for o in (LISTS, 'JPEGImages', 'SegmentationClass'): (own/o).mkdir(parents=True, exist_ok=True)
    for o in names:
        for part, end in (('JPEGImages', 'jpg'), ('SegmentationClass', 'png')): shutil.copyfile(root/part/f'{o}.{end}', own/part/f'{o}.{end}')
    of = np.arange(len(names)) % len(RULES['folds'])
    shuffled = np.array(names)[np.random.default_rng(0).permutation(len(names))]
    for split, some in (('val', shuffled[of == fold]), ('train', shuffled[of != fold])): (own/LISTS/f'{split}.txt').write_text('\n'.join(sorted(some)) + '\n')
    return own

def plan_of(root, weights, seed, method, epochs, steps=0):
    "A classifier trained for so long, and what follows it."
    settings = checked(Settings(method, data='voc', root=str(root), backbone='mobilenet_v2', weights=weights, segmentation='none',
                                score_min_images=RULES['least']))
    preset = replace(settings.preset, schedule=replace(PRESETS['photos'], epochs=epochs))
    if steps:
        longer = replace(activation.SCHEDULES['photos'], steps=steps)
        preset = replace(preset, stages=preset.stages | dict(amn=preset.stages['amn'] | dict(schedule=longer)))
    settings.__dict__['preset'] = preset
    return Plan(settings, Data(settings), seed)

def method_of(what, choice): return {'start': 'cam', 'crf': f'cam/crf:setting={choice}', 'amn': 'cam/amn'}[what]

def loud(line): print(line, file=sys.stderr, flush=True)

def row_of(what, choice, epochs, seed, plan, folder):
    "What one choice reaches on its fold."
    among, val = plan.among('val'), plan.dataset('val')
    curve = curve_of(execute(plan.curve('val'), folder, loud), among)
    logits = execute(plan.tags('val'), folder, loud).read_arrays('tags.safetensors')['logits']
    precision = among.mean(np.append(np.nan, average_precision(logits, val.labels)))
    found = curve.miou[best_place(curve.miou)], curve.best, precision
    cost = execute(plan.fit(1) if what == 'amn' else plan.train, folder, loud).facts['cpu_s']
    return what, choice, epochs, seed, len(val), int(among.kept[1:].sum()), *(round(float(o), 4) for o in found), cost

if __name__ == '__main__':
    torch.set_num_threads(1)
    (root, weights, folder, out), what, epochs, seeds = map(Path, sys.argv[1:5]), sys.argv[5], int(sys.argv[6]), sys.argv[7:]
    if not out.exists(): out.write_text(','.join(COLUMNS) + '\n')
    for seed in map(int, seeds or RULES['folds']):
        own = folded(root, RULES['folds'][str(seed)], folder)
        for choice in [epochs] if what == 'start' else RULES[what]:
            plan = plan_of(own, str(weights), seed, method_of(what, choice), epochs, choice*(what == 'amn'))
            row = row_of(what, choice, epochs, seed, plan, folder)
            with out.open('a', newline='') as file: csv.writer(file, lineterminator='\n').writerow(row)
            print(*row, flush=True)
