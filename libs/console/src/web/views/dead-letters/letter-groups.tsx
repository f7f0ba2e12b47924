import { getDeadLetterGroups, type DeadLetterGroups } from '../../api/dead-letters.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatBytes } from '../../format/bytes.ts'
import { formatCount, plural } from '../../format/number.ts'
import { groupParams } from './letters-query.ts'

const REFRESH_MS = 15_000

/** What the letters are about: a line for each code of a reason, which leads to its letters. */
export function LetterGroups({ query }: { query: QueryParams }) {
  const { params } = query
  const found = useResource(
    JSON.stringify(groupParams(params, 0)),
    (signal) => getDeadLetterGroups(groupParams(params, Date.now()), signal),
    { refreshMs: REFRESH_MS },
  )
  if (!found.data || found.data.count === 0) return null
  return <GroupList found={found.data} query={query} />
}

function GroupList({ found, query: { params, href } }: { found: DeadLetterGroups; query: QueryParams }) {
  const { count, groups, payloadBytes } = found
  const [code, kind] = [params.get('code'), params.get('kind')]
  return (
    <section class="letter-groups" aria-label="Dead letters by reason">
      <p class="quiet">
        {plural(count, 'dead letter')}, {formatBytes(payloadBytes)}
        {code && (
          <>
            {' · '}
            <a href={href({ code: null, cursor: null, letter: null })}>All reasons</a>
          </>
        )}
      </p>
      <ul>
        {groups.map((group) => (
          <li key={`${group.kind} ${group.code}`}>
            <a
              href={href({ code: group.code, kind: group.kind, cursor: null, letter: null })}
              aria-current={group.code === code && group.kind === kind ? 'true' : undefined}
              title={group.reason}
            >
              <span class="mono">{group.code}</span> {group.kind} <b>{formatCount(group.count)}</b>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
