import { formatDateTime } from '../../../format/time.ts'
import { ErrorNote } from '../../../parts/error-note.tsx'
import type { Resource } from '../../../data/use-resource.ts'
import type { Mark, Marks } from './to-marks.ts'

const NAMES = { mailing: 'Mailing', deploy: 'Deploy' } as const

/** What the numbers in charts stand for. */
export function MarkList({ resource: { data, error, reload } }: { resource: Resource<Marks> }) {
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (!data) return null
  return (
    <section class="card mark-list" aria-label="Marks">
      {data.marks.length === 0 && <p class="quiet">There is nothing to mark in this range.</p>}
      {data.marks.length > 0 && (
        <ol>
          {data.marks.map((mark) => (
            <li key={mark.href}>
              <MarkLine of={mark} />
            </li>
          ))}
        </ol>
      )}
      {data.incomplete.map(({ kind, fromMs }) => (
        <p key={kind} class="quiet">
          {kind === 'mailings' ? 'Mailings' : 'Deploys'} are marked back to {formatDateTime(fromMs)}; choose a
          shorter range to see those before.
        </p>
      ))}
    </section>
  )
}

function MarkLine({ of: { kind, text, atMs, untilMs, href } }: { of: Mark }) {
  return (
    <>
      <span class="quiet">{NAMES[kind]}</span> <a href={href}>{text}</a>{' '}
      <span class="quiet">
        {formatDateTime(atMs)}
        {untilMs !== undefined && ` – ${formatDateTime(untilMs).slice(11)}`}
      </span>
    </>
  )
}
