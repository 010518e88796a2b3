"""The words for the progress of a background job."""

PROGRESS_LABELS = {
    "working": "Computing: {share} %",
    "stopped": "Stopped at {share} %",
    "failed": "This could not be computed.",
    "other": "another visitor computes too, in turns",
    "others": "{others} other visitors compute too, in turns",
    "stop": "Stop",
    "resume": "Go on",
}
