import { useState } from 'preact/hooks'
import { useQueryParams } from '../../data/use-query-params.ts'
import { Needs } from '../../parts/needs.tsx'
import { Page } from '../../parts/page.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { ChangeMany } from './change-many.tsx'
import { ClientDialog } from './client-dialog.tsx'
import { ClientList } from './client-list.tsx'
import { filterParams } from './clients-query.ts'
import { clientsExportUrl } from '../../api/clients.ts'
import { ExportMenu } from '../../parts/export-menu.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { ImportList } from './import-list.tsx'
import { SuppressionList } from './suppression-list.tsx'
import './clients.css'

const TABS = [
  { id: '', label: 'Clients' },
  { id: 'imports', label: 'Imports' },
  { id: 'suppressions', label: 'Suppression list' },
]

/** Who may get mailings, and the files that they came from. */
export default function Clients() {
  const query = useQueryParams()
  const { params, change, href } = query
  const [open, setOpen] = useState<'add' | 'import'>()
  // Counts what was written here, so that the lists are read again.
  const [turn, setTurn] = useState(0)
  const close = () => setOpen(undefined)
  const written = () => setTurn((n) => n + 1)
  const tab = params.get('tab') ?? ''
  return (
    <Page
      title="Clients"
      actions={
        <>
          <ExportMenu
            name="clients"
            formats={['csv', 'ndjson']}
            hrefOf={(format) => clientsExportUrl(format, filterParams(params))}
          />
          <Needs scope="clients:write">
            {tab === '' && <ChangeMany filter={filterParams(params)} onWritten={written} />}
            <button type="button" onClick={() => setOpen('import')}>
              Import
            </button>
            <button type="button" class="primary" onClick={() => setOpen('add')}>
              Add client
            </button>
          </Needs>
        </>
      }
    >
      <Tabs
        label="Parts of the view"
        tabs={TABS}
        current={tab}
        hrefOf={(to) =>
          href({ tab: to, cursor: null, client: null, import: null, errors: null, phone: null })
        }
      />
      {tab === 'imports' && <ImportList query={query} turn={turn} />}
      {tab === 'suppressions' && <SuppressionList query={query} />}
      {tab === '' && (
        <ClientList query={query} turn={turn} onImport={() => setOpen('import')} onWritten={written} />
      )}
      {open === 'add' && (
        <ClientDialog
          client={undefined}
          onClose={close}
          onDone={({ id }) => {
            close()
            written()
            change({ tab: null, client: String(id) })
          }}
        />
      )}
      {open === 'import' && (
        <ImportDialog
          onClose={close}
          onDone={(id) => {
            close()
            written()
            change({ tab: 'imports', import: String(id), cursor: null, client: null })
          }}
        />
      )}
    </Page>
  )
}
