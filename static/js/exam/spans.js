// Spans [start, end] of a stem's text, in code points: as the server counts, whatever a browser's strings are made of.
const BLOCK = "p, li, td, th, pre, div";
const isSpan = (one) => Array.isArray(one) && one.length === 2 && one.every(Number.isInteger) && one[0] < one[1];

/** In normal form: sorted, none touching another. What is no span is left out. */
export function normal(spans) {
  const merged = [];
  for (const [start, end] of [...(Array.isArray(spans) ? spans : [])].filter(isSpan).sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(end, last[1]);
    else merged.push([start, end]);
  }
  return merged;
}

/** What is left of spans when one is taken out. */
export function without(spans, [low, high]) {
  return normal(spans.flatMap(([start, end]) => [[start, Math.min(end, low)], [Math.max(start, high), end]]));
}

/** How many code points of one span lie in others, which are in normal form. */
export function shared(spans, [low, high]) {
  return spans.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, high) - Math.max(start, low)), 0);
}

/** The text of one stem: where things stand in it, and its sentences. */
export class StemText {
  constructor(stem) {
    this.stem = stem;
    this.text = stem.textContent;
    this.points = [...this.text];
  }

  /** The span of a selection as far as it lies in this stem, without white space around it; or null. */
  span(range) {
    const whole = document.createRange();
    whole.selectNodeContents(this.stem);
    if (range.collapsed || !range.intersectsNode(this.stem)) return null;
    const begins = range.compareBoundaryPoints(Range.START_TO_START, whole) > 0;
    const ends = range.compareBoundaryPoints(Range.END_TO_END, whole) < 0;
    if (begins) whole.setStart(range.startContainer, range.startOffset);
    if (ends) whole.setEnd(range.endContainer, range.endOffset);
    const before = document.createRange();
    before.selectNodeContents(this.stem);
    before.setEnd(whole.startContainer, whole.startOffset);
    const start = [...before.toString()].length;
    return this.#trimmed(start, start + [...whole.toString()].length);
  }

  textOf([start, end]) { return this.points.slice(start, end).join(""); }

  /** Text nodes with the code point at which each begins and ends. */
  * nodes() {
    const walker = document.createTreeWalker(this.stem, NodeFilter.SHOW_TEXT);
    let start = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const end = start + [...node.data].length;
      yield { node, start, end };
      start = end;
    }
  }

  /** A span for each sentence; none reaches from one paragraph or entry of a list into the next. */
  sentences() {
    const blocks = [];
    for (const { node, start, end } of this.nodes()) {
      const block = node.parentElement.closest(BLOCK);
      if (blocks.at(-1)?.block === block) blocks.at(-1).end = end;
      else blocks.push({ block, start, end });
    }
    return blocks.flatMap(({ start, end }) => this.#split(start, end)).filter(Boolean);
  }

  #split(start, end) {
    const text = this.textOf([start, end]);
    if (!Intl.Segmenter) return [this.#trimmed(start, end)];
    const segmenter = new Intl.Segmenter(document.documentElement.lang || "en", { granularity: "sentence" });
    let place = start;
    return [...segmenter.segment(text)].map(({ segment }) => {
      const from = place;
      place += [...segment].length;
      return this.#trimmed(from, place);
    });
  }

  #trimmed(start, end) {
    while (start < end && !this.points[start].trim()) start += 1;
    while (start < end && !this.points[end - 1].trim()) end -= 1;
    return start < end ? [start, end] : null;
  }
}
