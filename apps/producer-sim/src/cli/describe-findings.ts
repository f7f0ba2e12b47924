import { styleText } from 'node:util'
import { isSound, type Findings, type Problem } from '../verify/findings.ts'
import { formatCount, formatTable } from './format.ts'

const PROBLEMS = ['lost', 'doubled', 'altered', 'deadLettered', 'unacknowledged'] as const

const TITLES: Record<(typeof PROBLEMS)[number], string> = {
  lost: 'lost',
  doubled: 'doubled',
  altered: 'altered',
  deadLettered: 'dead-lettered',
  unacknowledged: 'stored without acknowledgement',
}

/** The findings for a person: a table, examples of each problem, and the verdict. */
export function describeFindings(
  findings: readonly Findings[],
  notes: readonly string[],
  colour: boolean,
): string {
  const lines = formatTable(toRows(findings))
  const examples = findings.flatMap((one) =>
    PROBLEMS.flatMap((name) => describeProblem(one, name, one[name])),
  )
  const sound = findings.every(isSound)
  const verdict = sound
    ? 'OK: every acknowledged event is accounted for, once and unaltered'
    : 'FAILED: see what was lost, doubled or altered above'
  const shown = colour ? styleText(sound ? 'green' : 'red', verdict, { validateStream: false }) : verdict
  return [...lines, ...examples, ...notes.map((note) => `note: ${note}`), shown, ''].join('\n')
}

/** What is allowed to happen only gets a column where it did. */
function toRows(findings: readonly Findings[]): string[][] {
  const always: Column[] = [
    ['acknowledged', (one) => one.acknowledged],
    ['stored', (one) => one.stored],
    ['lost', (one) => one.lost.count],
    ['doubled', (one) => one.doubled.count],
    ['altered', (one) => one.altered.count],
  ]
  const sometimes: Column[] = [
    ['dead-lettered', (one) => one.deadLettered.count],
    ['unacknowledged', (one) => one.unacknowledged.count],
    ['duplicates', (one) => one.duplicates],
  ]
  const columns = [...always, ...sometimes.filter(([, read]) => findings.some((one) => read(one) > 0))]
  return [
    ['', 'kind', ...columns.map(([title]) => title)],
    ...findings.map((one) => [one.label, one.kind, ...columns.map(([, read]) => formatCount(read(one)))]),
  ]
}

type Column = readonly [title: string, read: (one: Findings) => number]

function describeProblem(
  { label, kind }: Findings,
  name: (typeof PROBLEMS)[number],
  { count, examples }: Problem,
): string[] {
  if (count === 0) return []
  const more = count > examples.length ? ', ...' : ''
  return [`${TITLES[name]} (${label}, ${kind}): ${examples.join(', ')}${more}`]
}
