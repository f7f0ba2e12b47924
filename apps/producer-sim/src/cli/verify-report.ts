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
  const header = ['', 'kind', 'acknowledged', 'stored', 'lost', 'doubled', 'altered']
  const allowed = ['dead-lettered', 'unacknowledged', 'duplicates']
  const rows = findings.map((one) => [
    one.label,
    one.kind,
    ...[one.acknowledged, one.stored, one.lost.count, one.doubled.count, one.altered.count].map(formatCount),
    ...[one.deadLettered.count, one.unacknowledged.count, one.duplicates].map(formatCount),
  ])
  const lines = formatTable([[...header, ...allowed], ...rows])
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

function describeProblem(
  { label, kind }: Findings,
  name: (typeof PROBLEMS)[number],
  { count, examples }: Problem,
): string[] {
  if (count === 0) return []
  const more = count > examples.length ? ', ...' : ''
  return [`${TITLES[name]} (${label}, ${kind}): ${examples.join(', ')}${more}`]
}
