import type { LogEntry } from '../../api/logs.ts'
import { Badge } from '../../parts/badge.tsx'
import { Code } from '../../parts/code.tsx'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { Time } from '../../parts/time.tsx'
import { entryMembers, entryText } from './entry-members.ts'
import { levelTone } from './levels.ts'
import type { ComponentChildren } from 'preact'

interface LogDetailsProps {
  readonly entry: LogEntry
  readonly onFilter: (param: string, value: string) => void
}

/** Everything that an entry says; a click on a value looks for others with the same. */
export function LogDetails({ entry, onFilter }: LogDetailsProps) {
  const { id, level, service, occurredAt, receivedAt, timeUnread, traceId, data } = entry
  const facts: Fact[] = [
    ['Time', <Time key="time" at={occurredAt} millis />],
    ['Received', <Time key="received" at={receivedAt} millis />],
  ]
  if (timeUnread === true) facts.push(['Own time', 'cannot be read: the time is when the entry was received'])
  if (level !== null)
    facts.push([
      'Level',
      <FilterValue key="level" name="level" value={level} onFilter={() => onFilter('level', level)}>
        <Badge tone={levelTone(level)}>{level}</Badge>
      </FilterValue>,
    ])
  if (service !== null)
    facts.push([
      'Service',
      <FilterValue
        key="service"
        name="service"
        value={service}
        onFilter={() => onFilter('service', service)}
      />,
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
        facts={members.map(({ name, text, isScalar }) => [
          name,
          isScalar ? (
            <FilterValue name={name} value={text} onFilter={() => onFilter(`attr.${name}`, text)} />
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

interface FilterValueProps {
  readonly name: string
  readonly value: string
  readonly onFilter: () => void
  /** The value as it is shown; its text unless given. */
  readonly children?: ComponentChildren
}

/** A value that is a button: it looks for entries with the same. */
function FilterValue({ name, value, onFilter, children }: FilterValueProps) {
  return (
    <button type="button" class="filter-value" title={`Filter by ${name}`} onClick={onFilter}>
      {children ?? value} <span class="filter-sign">= filter</span>
    </button>
  )
}
