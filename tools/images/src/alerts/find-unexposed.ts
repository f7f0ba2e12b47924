import type { Sample } from '@runnel/observability'
import type { Expression, Matcher, Selector } from './parse-promql.ts'

/** Labels that Prometheus itself puts on what it scrapes. */
const OF_PROMETHEUS = ['job', 'instance'] as const

/**
 * What an expression reads and no app exposes: metrics, labels, and values of labels. A value that a matcher excludes
 * has to be there as well; else the matcher excludes nothing.
 *
 * @returns one line for each, none when all is there
 */
export function findUnexposed({ selectors, groupings }: Expression, samples: readonly Sample[]): string[] {
  const known = new Set<string>([
    ...OF_PROMETHEUS,
    ...selectors.flatMap((selector) => samplesOf(selector, samples).flatMap(labelsOf)),
  ])
  const labels = groupings.filter((label) => !known.has(label)).map((label) => `by or on (${label})`)
  return [...labels, ...selectors.flatMap((selector) => problemsOf(selector, samples))]
}

function problemsOf(selector: Selector, samples: readonly Sample[]): string[] {
  const own = samplesOf(selector, samples)
  if (own.length === 0) return [selector.metric]
  return selector.matchers
    .filter((matcher) => !own.some(({ labels }) => speaksOf(matcher, labels[matcher.label])))
    .map(({ label, operator, value }) => `${selector.metric}{${label}${operator}"${value}"}`)
}

function samplesOf({ metric }: Selector, samples: readonly Sample[]): Sample[] {
  return samples.filter(({ name }) => name === metric)
}

function labelsOf({ labels }: Sample): string[] {
  return Object.keys(labels)
}

function speaksOf({ operator, value }: Matcher, text: string | undefined): boolean {
  if (text === undefined) return false
  return operator.includes('~') ? new RegExp(`^(?:${value})$`).test(text) : text === value
}
