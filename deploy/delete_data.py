"""Stops the embedded servers of a data folder and deletes the folder: ``make clean-data``."""

import os
import shutil
import sys

from cluster.base.embedded import start
from cluster.base.settings import Settings

settings = Settings.from_env({"CLUSTER_DATA_DIR": os.environ["CLUSTER_DATA_DIR"]})
if not settings.data_dir.exists():
    raise SystemExit(0)
if not start(settings).discard():
    raise SystemExit(f"{settings.data_dir} is in use: end `make demo` first")
shutil.rmtree(settings.data_dir)
sys.stdout.write(f"deleted {settings.data_dir}\n")
