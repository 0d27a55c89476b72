from . import report_overview
