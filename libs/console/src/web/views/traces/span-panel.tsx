import { getLogs, type LogEntry } from '../../api/logs.ts'
import { getSpan, type StoredSpan } from '../../api/traces.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatLatency } from '../../format/latency.ts'
import { Badge } from '../../parts/badge.tsx'
import { Code } from '../../parts/code.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { Time } from '../../parts/time.tsx'
import { ServiceName } from './service-name.tsx'
import { logsOfSpan, noLogsSentence } from './logs-of-span.ts'
import { readDetails, toMembers } from './span-details.ts'

interface SpanPanelProps {
  readonly traceId: string
  readonly spanId: string
  /** The logs of the whole trace. */
  readonly logsHref: string
  readonly onClose: () => void
}

/** One span in full, and what was logged in it. */
export function SpanPanel({ traceId, spanId, logsHref, onClose }: SpanPanelProps) {
  const span = useResource(`${traceId} ${spanId}`, (signal) => getSpan(traceId, spanId, signal))
  return (
    <SidePanel title="Span" onClose={onClose}>
      <Loaded resource={span}>
        {(data) => (
          <>
            <SpanFacts span={data} />
            <SpanLogs traceId={traceId} span={data} logsHref={logsHref} />
            <h3>As it was sent</h3>
            <Code label="The span as JSON" text={JSON.stringify(data.data, null, 2)} />
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

function SpanFacts({ span }: { span: StoredSpan }) {
  const { attributes, resource, events, links, message } = readDetails(span.data)
  return (
    <>
      <p class="log-text">{span.name || '(no name)'}</p>
      <Facts
        facts={[
          ['Service', <ServiceName key="service" name={span.service} />],
          ['Kind', span.kind],
          ['Status', span.status === 'error' ? <Badge tone="bad">error</Badge> : span.status],
          ...(message === undefined ? [] : ([['Message', message]] as const)),
          ['Start', <Time key="start" at={span.startedAt} millis />],
          ['Duration', formatLatency(span.durationMs)],
          ['Id', <Mono key="id" text={span.spanId} />],
          ...(span.parentSpanId === null
            ? []
            : ([['Parent', <Mono key="parent" text={span.parentSpanId} />]] as const)),
        ]}
      />
      <Members title="Attributes" of={attributes} />
      {events.length > 0 && <h3>Events</h3>}
      {events.map((event, i) => (
        <Facts key={i} facts={toMembers(event)} />
      ))}
      {links.length > 0 && <h3>Links</h3>}
      {links.map((link, i) => (
        <p key={i}>
          <a href={`/console/traces?trace=${encodeURIComponent(link)}`} class="mono">
            {link}
          </a>
        </p>
      ))}
      <Members title="Resource" of={resource} />
    </>
  )
}

function Members({ title, of }: { readonly title: string; readonly of: object }) {
  const members = toMembers(of)
  if (members.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <Facts facts={members} />
    </>
  )
}

function Mono({ text }: { text: string }) {
  return <span class="mono">{text}</span>
}

/** Entries that are looked through for those of a span. */
const MAX_LOGS = 500
const BESIDE_MS = 60_000

function SpanLogs({
  traceId,
  span,
  logsHref,
}: Pick<SpanPanelProps, 'traceId' | 'logsHref'> & { span: StoredSpan }) {
  const startMs = Date.parse(span.startedAt)
  const range = {
    from: new Date(startMs - BESIDE_MS).toISOString(),
    to: new Date(startMs + span.durationMs + BESIDE_MS).toISOString(),
  }
  const logs = useResource(`${traceId} ${span.spanId}`, (signal) =>
    getLogs({ trace: traceId, ...range, limit: MAX_LOGS }, signal),
  )
  return (
    <>
      <h3>Logs</h3>
      <Loaded resource={logs}>
        {({ items, nextCursor }) => (
          <LogLines
            entries={logsOfSpan(items, span.spanId)}
            none={noLogsSentence(items.length, nextCursor !== null)}
          />
        )}
      </Loaded>
      <p>
        <a href={logsHref}>Logs of the whole trace</a>
      </p>
    </>
  )
}

function LogLines({ entries, none }: { readonly entries: readonly LogEntry[]; readonly none: string }) {
  if (entries.length === 0) return <p class="quiet">{none}</p>
  return (
    <ul class="span-logs">
      {entries.map(({ id, occurredAt, level, message }) => (
        <li key={id}>
          <Time at={occurredAt} millis /> {level && <Badge>{level}</Badge>}{' '}
          <a href={`/console/logs?entry=${encodeURIComponent(id)}`}>{message ?? '(no message)'}</a>
        </li>
      ))}
    </ul>
  )
}
