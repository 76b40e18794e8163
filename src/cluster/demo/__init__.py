"""The main job on example data, done over HTTP as any client would."""
