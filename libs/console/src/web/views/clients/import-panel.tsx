import { getImport, refusedLinesUrl, type ImportWithErrors, type ImportError } from '../../api/imports.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatCount } from '../../format/number.ts'
import { Facts, type Fact } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { ImportBadge } from './import-badge.tsx'

interface ImportPanelProps {
  readonly id: string
  readonly query: QueryParams
  readonly onClose: () => void
}

const REFRESH_MS = 1000
/** Refused lines of a page. */
const PAGE_SIZE = 50

const COLUMNS: readonly Column<ImportError>[] = [
  { title: 'Line', align: 'right', class: 'narrow', cell: ({ line }) => formatCount(line) },
  { title: 'Field', class: 'error-field', cell: ({ field }) => field ?? <span class="quiet">–</span> },
  { title: 'What is wrong', class: 'error-message', cell: ({ message }) => message },
]

/** What came of an import, and the lines that were refused. */
export function ImportPanel({ id, query: { params, href }, onClose }: ImportPanelProps) {
  const cursor = params.get('errors')
  const found = useResource(
    `${id} ${cursor}`,
    (signal) => getImport(id, { cursor, limit: PAGE_SIZE }, signal),
    { refreshMs: ({ status }) => (status === 'running' ? REFRESH_MS : undefined) },
  )
  return (
    <SidePanel title={`Import ${id}`} onClose={onClose}>
      <Loaded resource={found}>
        {(data) => (
          <>
            <Facts facts={factsOf(data)} />
            {data.rejected > 0 && (
              <>
                <h3>Refused lines</h3>
                <p>
                  <a class="button" href={refusedLinesUrl(data.id)} download>
                    Download them with what is wrong
                  </a>{' '}
                  <span class="quiet">Once it is corrected, the whole file can be imported again.</span>
                </p>
              </>
            )}
            {data.errors.items.length > 0 && (
              <Table
                label="Refused lines"
                class="row-errors"
                columns={COLUMNS}
                rows={data.errors.items}
                rowKey={({ line, field }) => `${line} ${field}`}
              />
            )}
            <Pager
              first={cursor ? href({ errors: null }) : undefined}
              next={data.errors.nextCursor ? href({ errors: data.errors.nextCursor }) : undefined}
            />
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

function factsOf(found: ImportWithErrors): Fact[] {
  const { name, reason, message, actor, format, startedAt, finishedAt } = found
  const tookMs = finishedAt === null ? undefined : Date.parse(finishedAt) - Date.parse(startedAt)
  return [
    ['File', name ?? <span class="quiet">without a name</span>],
    ['Status', <ImportBadge of={found} />],
    ...(reason === null ? [] : [['Reason', message ?? reason] as const]),
    ['Lines', formatCount(found.rows)],
    ['Created', formatCount(found.created)],
    ['Changed', formatCount(found.updated)],
    ['Unchanged', formatCount(found.unchanged)],
    ['Refused', formatCount(found.rejected)],
    ['Who', actor],
    ['Format', format],
    ['Started', <Time at={startedAt} />],
    ...(tookMs === undefined ? [] : [['Duration', formatDuration(tookMs)] as const]),
  ]
}
