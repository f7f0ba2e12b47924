import { useState } from 'preact/hooks'
import { getMessages, type Message } from '../../api/messages.ts'
import { useResource } from '../../data/use-resource.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { MessageBadge } from '../mailings/message-badge.tsx'

const SHOWN = 10
/** Once more are asked for. */
const MAX_SHOWN = 200

const COLUMNS: readonly Column<Message>[] = [
  { title: 'Changed', class: 'narrow', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
  { title: 'Status', class: 'narrow', cell: ({ status }) => <MessageBadge status={status} /> },
  {
    title: 'Mailing',
    cell: ({ id, mailingId }) => (
      <a href={`/console/mailings/${mailingId}?tab=messages&message=${id}`}>{mailingId}</a>
    ),
  },
]

/** What a client got last. */
export function ClientMessages({ id }: { id: number }) {
  const [limit, setLimit] = useState(SHOWN)
  const page = useResource(`${id} ${limit}`, (signal) => getMessages({ client: id, limit }, signal))
  return (
    <Loaded resource={page}>
      {({ items, nextCursor }) =>
        items.length === 0 ? (
          <p class="quiet">No messages yet</p>
        ) : (
          <>
            <Table label="Latest messages" columns={COLUMNS} rows={items} rowKey={(message) => message.id} />
            {nextCursor !== null && limit === SHOWN && (
              <button type="button" onClick={() => setLimit(MAX_SHOWN)}>
                Show more
              </button>
            )}
          </>
        )
      }
    </Loaded>
  )
}
