import { useState } from 'preact/hooks'
import { getSuppressions, suppressionExportUrl, type Suppression } from '../../api/suppressions.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Needs } from '../../parts/needs.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { AddSuppression } from './add-suppression.tsx'
import { RemoveSuppression } from './remove-suppression.tsx'
import { SuppressionImport } from './suppression-import.tsx'

const PAGE_SIZE = 100

/** How an entry came to the list, in words. */
const SOURCES: Readonly<Record<string, string>> = {
  api: 'Added here or by a request',
  client: 'The client opted out',
  client_import: 'Import of clients',
  list_import: 'Import of a list',
  'one-click': 'By the link in an e-mail',
}

const CHANNELS = [
  { value: 'gateway', label: 'Phones' },
  { value: 'email', label: 'E-mail addresses' },
  { value: 'webhook', label: 'Webhooks' },
]

/** Phones and addresses that get no messages, whatever becomes of their clients. */
export function SuppressionList({ query }: { query: QueryParams }) {
  const { params, change, href } = query
  const [cursor, phone] = [params.get('cursor'), params.get('phone')]
  const channel = params.get('channel') ?? 'gateway'
  const isPhones = channel === 'gateway'
  const [turn, setTurn] = useState(0)
  const [open, setOpen] = useState<Open>()
  const done = () => {
    setOpen(undefined)
    setTurn((n) => n + 1)
  }
  const page = useResource(`${channel} ${cursor} ${phone} ${turn}`, (signal) =>
    getSuppressions(
      { channel, cursor, [isPhones ? 'phone' : 'address']: phone ?? undefined, limit: PAGE_SIZE },
      signal,
    ),
  )
  return (
    <>
      <div class="filters">
        <Select
          label="Of"
          value={channel}
          options={CHANNELS}
          onChange={(value) =>
            change({ channel: value === 'gateway' ? null : value, phone: null, cursor: null })
          }
        />
        <SearchBox
          label={isPhones ? 'Phone' : 'Address'}
          value={phone ?? ''}
          onSearch={(text) => change({ phone: text, cursor: null })}
        />
        <Needs scope="clients:write">
          <button type="button" onClick={() => setOpen('add')}>
            {isPhones ? 'Add phone' : 'Add address'}
          </button>
          <button type="button" onClick={() => setOpen('import')}>
            Import list
          </button>
        </Needs>
        <a class="button" href={suppressionExportUrl(channel)} download="suppressions.csv">
          Export list
        </a>
      </div>
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <Table
                label="Suppression list"
                class="stacked"
                columns={columnsOf(isPhones, setOpen)}
                rows={items}
                rowKey={(one) => one.address}
              />
            ) : (
              <Empty title={emptyTitle(isPhones ? 'phone' : 'address', phone !== null)} />
            )}
            <Pager
              first={cursor ? href({ cursor: null }) : undefined}
              next={nextCursor ? href({ cursor: nextCursor }) : undefined}
            />
          </>
        )}
      </Loaded>
      <OpenDialog {...{ open, channel, onClose: () => setOpen(undefined), onDone: done }} />
    </>
  )
}

type Open = 'add' | 'import' | Suppression | undefined

interface OpenDialogProps {
  readonly open: Open
  readonly channel: string
  readonly onClose: () => void
  readonly onDone: () => void
}

function OpenDialog({ open, channel, onClose, onDone }: OpenDialogProps) {
  if (open === undefined) return null
  if (open === 'add') return <AddSuppression channel={channel} onClose={onClose} onDone={onDone} />
  if (open === 'import') return <SuppressionImport channel={channel} onClose={onClose} onDone={onDone} />
  return <RemoveSuppression entry={open} onClose={onClose} onDone={onDone} />
}

const emptyTitle = (noun: string, isSearched: boolean) =>
  isSearched ? `This ${noun} is not on the list.` : `No ${noun} is on the list.`

function columnsOf(isPhones: boolean, onRemove: (entry: Suppression) => void): Column<Suppression>[] {
  return [
    { title: isPhones ? 'Phone' : 'Address', class: 'narrow', cell: ({ address }) => address },
    { title: 'Reason', cell: ({ reason }) => reason },
    { title: 'How', cell: ({ source }) => SOURCES[source] ?? source },
    { title: 'Who', class: 'narrow wide-only', cell: ({ actor }) => actor },
    { title: 'Opted out', class: 'narrow', cell: ({ optedOutAt }) => <Time at={optedOutAt} /> },
    {
      title: '',
      class: 'narrow',
      cell: (entry) => (
        <Needs scope="clients:write">
          <button type="button" aria-label={`Remove ${entry.address}`} onClick={() => onRemove(entry)}>
            Remove
          </button>
        </Needs>
      ),
    },
  ]
}
