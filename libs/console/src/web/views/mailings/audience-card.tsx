import type { Audience } from '../../api/audience.ts'
import type { Resource } from '../../data/use-resource.ts'
import { isBeside } from '../../api/field-error.ts'
import { formatCount } from '../../format/number.ts'
import { Card } from '../../parts/card.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { Loading } from '../../parts/loading.tsx'
import { FORM_FIELDS } from './check-form.ts'
import { WarningList } from './warning-list.tsx'
import { RecipientList } from './recipient-list.tsx'

interface AudienceCardProps {
  readonly audience: Resource<Audience>
  readonly hasText: boolean
  readonly title?: string
}

/** Who would receive a mailing, and what they would read. */
export function AudienceCard({ audience, hasText, title = 'Preview' }: AudienceCardProps) {
  const { data, error, loading, reload } = audience
  const beside = error !== undefined && isBeside(error, FORM_FIELDS)
  return (
    <Card title={title} class="audience">
      {error && !beside && <ErrorNote error={error} onRetry={reload} />}
      {beside && <p class="quiet">The preview appears again once the form is corrected.</p>}
      {!data && !error && loading && <Loading />}
      {data && !beside && (
        <div aria-live="polite" aria-busy={loading}>
          <WarningList warnings={data.warnings.filter(({ field }) => hasText || field !== '/text')} />
          <Reach audience={data} />
          {hasText ? (
            <RecipientList recipients={data.sample} />
          ) : (
            data.count > 0 && <p class="quiet">What clients would read appears here as you write.</p>
          )}
        </div>
      )}
    </Card>
  )
}

function Reach({ audience: { count, timeZones, operators } }: { audience: Audience }) {
  return (
    <>
      <p class="audience-count">
        <b>{formatCount(count)}</b> {count === 1 ? 'client' : 'clients'}
      </p>
      {count === 0 && (
        <p class="quiet">
          No client matches. There may be no <a href="/console/clients">clients</a> yet, or they have opted
          out.
        </p>
      )}
      <Groups title="Time zones" groups={timeZones} count={count} />
      <Groups title="Operators" groups={operators} count={count} />
    </>
  )
}

/** Groups that are shown; the rest is counted. */
const MAX_SHOWN = 8

function Groups({ title, groups, count }: { title: string; groups: Audience['operators']; count: number }) {
  if (groups.length === 0) return null
  const shown = groups.slice(0, MAX_SHOWN)
  const rest = count - shown.reduce((sum, group) => sum + group.count, 0)
  return (
    <p class="audience-groups">
      <span class="quiet">{title}</span>
      {shown.map((group) => (
        <span key={group.name}>
          {group.name || 'unknown'} <b>{formatCount(group.count)}</b>
        </span>
      ))}
      {rest > 0 && (
        <span>
          others <b>{formatCount(rest)}</b>
        </span>
      )}
    </p>
  )
}
