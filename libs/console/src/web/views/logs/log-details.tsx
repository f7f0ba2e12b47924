import type { LogEntry } from '../../api/logs.ts'
import { Badge } from '../../parts/badge.tsx'
import { Code } from '../../parts/code.tsx'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { Time } from '../../parts/time.tsx'
import { entryMembers, entryText } from './entry-members.ts'
import { FilterValue } from './filter-value.tsx'
import { levelTone } from './levels.ts'

interface LogDetailsProps {
  readonly entry: LogEntry
  /** Adds a condition to the query. */
  readonly onTerm: (term: string) => void
  /** Shows a field in a column of its own, or no longer. */
  readonly onColumn: (field: string) => void
  /** Counts the values of a field. */
  readonly onCount: (field: string) => void
}

/** Everything that an entry says; beside each value are ways to look for others with the same, and to leave them out. */
export function LogDetails({ entry, onTerm, onColumn, onCount }: LogDetailsProps) {
  const { id, level, service, occurredAt, receivedAt, timeUnread, traceId, data } = entry
  const facts: Fact[] = [
    ['Time', <Time key="time" at={occurredAt} millis />],
    ['Received', <Time key="received" at={receivedAt} millis />],
  ]
  if (timeUnread === true) facts.push(['Own time', 'cannot be read: the time is when the entry was received'])
  if (level !== null)
    facts.push([
      'Level',
      <FilterValue key="level" path={['level']} value={level} onTerm={onTerm} onCount={onCount}>
        <Badge tone={levelTone(level)}>{level}</Badge>
      </FilterValue>,
    ])
  if (service !== null)
    facts.push([
      'Service',
      <FilterValue key="service" path={['service']} value={service} onTerm={onTerm} onCount={onCount} />,
    ])
  if (traceId !== undefined)
    facts.push([
      'Trace',
      <a key="trace" class="mono" href={`/console/traces?trace=${traceId}`}>
        {traceId}
      </a>,
    ])
  facts.push([
    'Id',
    <span key="id" class="mono">
      {id}
    </span>,
  ])
  const members = entryMembers(entry)
  return (
    <>
      <p class="log-text">{entryText(entry)}</p>
      <Facts facts={facts} />
      {members.length > 0 && <h3>Attributes</h3>}
      <Facts
        facts={members.map(({ path, name, text, isScalar }) => [
          name,
          isScalar ? (
            <FilterValue path={path} value={text} onTerm={onTerm} onColumn={onColumn} onCount={onCount} />
          ) : (
            text
          ),
        ])}
      />
      <h3>As it was sent</h3>
      <Code label="The entry as JSON" text={JSON.stringify(data, null, 2)} />
    </>
  )
}
