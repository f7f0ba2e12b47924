import { useCallback, useMemo, useRef } from 'preact/hooks'
import { MESSAGE_STATUSES } from '../../api/mailings.ts'
import { getMessages } from '../../api/messages.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { MessagePanel } from './message-panel.tsx'
import { MessageTable } from './message-table.tsx'

interface MessageListProps {
  readonly id: number
  readonly query: QueryParams
  /** How often to read again. */
  readonly refreshMs: number
}

const STATUSES = [
  { value: '', label: 'All statuses' },
  ...MESSAGE_STATUSES.map((value) => ({ value, label: value })),
]

const PAGE_SIZE = 100

/** People write phones with blanks, brackets and dashes. */
function digitsOf(phone: string): string {
  return phone.replaceAll(/[^\d]/g, '')
}

/** Messages of a mailing, by status, and one of them in full. */
export function MessageList({ id, query, refreshMs }: MessageListProps) {
  const { params, change, href } = query
  const [status, cursor, open] = [params.get('status'), params.get('cursor'), params.get('message')]
  const phone = params.get('phone')
  const page = useResource(
    `${id} ${status} ${phone} ${cursor}`,
    (signal) => getMessages({ mailing: id, status, phone, cursor, limit: PAGE_SIZE }, signal),
    { refreshMs: Math.max(refreshMs, 2000) },
  )
  const latest = useRef(query)
  latest.current = query
  const links = useMemo(
    () => ({ hrefOf: (message: number) => latest.current.href({ message: String(message) }) }),
    [],
  )
  const onOpen = useCallback((message: number) => latest.current.change({ message: String(message) }), [])
  return (
    <>
      <div class="toolbar">
        <SearchBox
          label="Phone that a message went to"
          placeholder="Phone"
          value={phone ?? ''}
          onSearch={(text) => change({ phone: digitsOf(text) || null, cursor: null, message: null })}
        />
        <Select
          label="Status of messages"
          value={status ?? ''}
          options={STATUSES}
          onChange={(value) => change({ status: value, cursor: null, message: null })}
        />
      </div>
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <MessageTable messages={items} selected={Number(open)} hrefOf={links.hrefOf} onOpen={onOpen} />
            ) : (
              <Empty
                title={
                  phone
                    ? `No message of this mailing went to ${phone}.`
                    : status
                      ? `There are no messages with the status “${status}”.`
                      : 'There are no messages yet.'
                }
              />
            )}
            <Pager
              first={cursor ? href({ cursor: null, message: null }) : undefined}
              firstLabel="Newest"
              next={nextCursor ? href({ cursor: nextCursor, message: null }) : undefined}
              nextLabel="Older"
            />
          </>
        )}
      </Loaded>
      {open && <MessagePanel key={open} id={open} onClose={() => change({ message: null })} />}
    </>
  )
}
