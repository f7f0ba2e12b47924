import type { Series } from './parse-exposition.ts'
import type { Expression, Matcher, Selector } from './parse-promql.ts'

/**
 * What an expression reads and nobody exposes: metrics, labels, and values of labels. A value that a matcher excludes
 * has to be there as well; else the matcher excludes nothing.
 *
 * @returns one line for each, none when all is there
 */
export function findUnexposed({ selectors, groupings }: Expression, series: readonly Series[]): string[] {
  const known = new Set(selectors.flatMap((selector) => seriesOf(selector, series).flatMap(labelsOf)))
  const labels = groupings.filter((label) => !known.has(label)).map((label) => `by or on (${label})`)
  return [...labels, ...selectors.flatMap((selector) => problemsOf(selector, series))]
}

function problemsOf(selector: Selector, series: readonly Series[]): string[] {
  const own = seriesOf(selector, series)
  if (own.length === 0) return [selector.metric]
  return selector.matchers
    .filter((matcher) => !own.some(({ labels }) => speaksOf(matcher, labels[matcher.label])))
    .map(({ label, operator, value }) => `${selector.metric}{${label}${operator}"${value}"}`)
}

function seriesOf({ metric }: Selector, series: readonly Series[]): Series[] {
  return series.filter((one) => one.metric === metric)
}

function labelsOf({ labels }: Series): string[] {
  return Object.keys(labels)
}

function speaksOf({ operator, value }: Matcher, text: string | undefined): boolean {
  if (text === undefined) return false
  return operator.includes('~') ? new RegExp(`^(?:${value})$`).test(text) : text === value
}
