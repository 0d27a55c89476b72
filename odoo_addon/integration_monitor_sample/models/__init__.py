from . import integration_sample
