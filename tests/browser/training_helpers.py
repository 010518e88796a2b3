"""A small training in the browser, and waiting for its end."""

from playwright.sync_api import Page, expect

SMALL = "training?data=digits(epochs=6,sample_count=200)&train=network(width=12,optimizer=sgd(lr=0.005))"


def done(page: Page, trainings: int = 1) -> None:
    expect(page.locator(".descent-training-table tbody tr")).to_have_count(trainings, timeout=60_000)
    expect(page.locator(".descent-training[data-state=done]")).to_have_count(1, timeout=60_000)
