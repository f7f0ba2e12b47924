import { useCallback, useMemo, useRef } from 'preact/hooks'
import { getImports, type ClientImport } from '../../api/imports.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatCount } from '../../format/number.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { ImportBadge } from './import-badge.tsx'
import { ImportPanel } from './import-panel.tsx'

const REFRESH_MS = 1000

/** Imports, the newest first, and the report of one. */
export function ImportList({ query, turn }: { query: QueryParams; turn: number }) {
  const { params, change, href } = query
  const [cursor, open] = [params.get('cursor'), params.get('import')]
  const page = useResource(`${cursor} ${turn}`, (signal) => getImports({ cursor }, signal), {
    refreshMs: ({ items }) => (items.some(({ status }) => status === 'running') ? REFRESH_MS : undefined),
  })
  const latest = useRef(query)
  latest.current = query
  const columns = useMemo(
    () => columnsOf((id) => latest.current.href({ import: String(id), errors: null })),
    [],
  )
  const onRow = useCallback(
    ({ id }: ClientImport) => latest.current.change({ import: String(id), errors: null }),
    [],
  )
  return (
    <>
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <Table
                label="Imports"
                class="imports stacked"
                columns={columns}
                rows={items}
                rowKey={({ id }) => id}
                selected={Number(open)}
                onRow={onRow}
              />
            ) : (
              <Empty title="Nothing has been imported yet." />
            )}
            <Pager
              first={cursor ? href({ cursor: null }) : undefined}
              firstLabel="Newest"
              next={nextCursor ? href({ cursor: nextCursor }) : undefined}
              nextLabel="Older"
            />
          </>
        )}
      </Loaded>
      {open && (
        <ImportPanel
          key={open}
          id={open}
          query={query}
          onClose={() => change({ import: null, errors: null })}
        />
      )}
    </>
  )
}

function columnsOf(hrefOf: (id: number) => string): Column<ClientImport>[] {
  const count = (title: string, name: 'rows' | 'created' | 'updated' | 'unchanged' | 'rejected') => ({
    title,
    align: 'right' as const,
    class: name === 'unchanged' || name === 'updated' ? 'narrow wide-only' : 'narrow',
    cell: (one: ClientImport) => <Count name={name} count={one[name]} />,
  })
  return [
    { title: 'Started', class: 'narrow', cell: ({ startedAt }) => <Time at={startedAt} /> },
    {
      title: 'File',
      class: 'import-name',
      cell: (one) => (
        <>
          <a href={hrefOf(one.id)}>{one.name ?? `Import ${one.id}`}</a>
          {one.reason !== null && <span class="import-reason">{one.message ?? one.reason}</span>}
        </>
      ),
    },
    { title: 'Status', class: 'narrow', cell: (one) => <ImportBadge of={one} /> },
    { title: 'Who', class: 'import-who', cell: ({ actor }) => actor },
    { title: 'Format', class: 'narrow wide-only', cell: ({ format }) => format },
    count('Lines', 'rows'),
    count('Created', 'created'),
    count('Changed', 'updated'),
    count('Unchanged', 'unchanged'),
    count('Refused', 'rejected'),
  ]
}

/** Its heading stands beside it where there is no room for headings. */
const WORDS = {
  rows: 'lines',
  created: 'created',
  updated: 'changed',
  unchanged: 'unchanged',
  rejected: 'refused',
}

function Count({ name, count }: { name: keyof typeof WORDS; count: number }) {
  return (
    <span class={name === 'rejected' && count > 0 ? 'bad-text' : undefined}>
      {formatCount(count)} <span class="narrow-only quiet">{WORDS[name]}</span>
    </span>
  )
}
