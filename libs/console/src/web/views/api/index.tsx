import { useCallback, useRef } from 'preact/hooks'
import { getOperations, type AppOperations } from '../../api/operations.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { plural } from '../../format/number.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { findOperations, operationId } from './find-operations.ts'
import { OperationPanel } from './operation-panel.tsx'
import { OperationTable } from './operation-table.tsx'
import './api.css'

/** Every operation of every app, with the scope that it needs. */
export default function Api() {
  const { params, change, href } = useQueryParams()
  const resource = useResource('operations', getOperations)
  const [q, app, open] = [params.get('q') ?? '', params.get('app') ?? '', params.get('operation')]
  const latest = useRef({ change, href })
  latest.current = { change, href }
  const hrefOf = useCallback((id: string) => latest.current.href({ operation: id }), [])
  const onOpen = useCallback((id: string) => latest.current.change({ operation: id }), [])
  return (
    <Page title="API">
      <Loaded resource={resource}>
        {({ apps }) => {
          const found = findOperations(apps, q, app)
          return (
            <>
              <div class="toolbar">
                <SearchBox
                  label="Search operations"
                  placeholder="path, words or a scope such as logs:read"
                  value={q}
                  onSearch={(text) => change({ q: text })}
                />
                <Select
                  label="App"
                  value={app}
                  options={[
                    { value: '', label: 'All apps' },
                    ...apps.map(({ name }) => ({ value: name, label: name })),
                  ]}
                  onChange={(name) => change({ app: name })}
                />
              </div>
              {found.map((one) => (
                <AppSection key={one.name} app={one}>
                  <OperationTable
                    app={one.name}
                    operations={one.operations}
                    selected={open ?? undefined}
                    hrefOf={hrefOf}
                    onOpen={onOpen}
                  />
                </AppSection>
              ))}
              {found.length === 0 && <Empty title="No operation matches." />}
              <Opened apps={apps} id={open} onClose={() => change({ operation: null })} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

interface AppSectionProps {
  readonly app: AppOperations
  /** The list of them. */
  readonly children: preact.ComponentChildren
}

/** One app: what it is for, the way to its own page, and its operations or why they are not known. */
function AppSection({ app, children }: AppSectionProps) {
  const { name, summary, docsUrl, problem, operations, isCut } = app
  return (
    <section class="card" aria-label={name}>
      <div class="card-head">
        <h2>{name}</h2>
        {docsUrl !== null && <a href={docsUrl}>Swagger UI</a>}
      </div>
      <p class="app-summary">
        {summary.replace(/^./, (letter) => letter.toUpperCase())}. {plural(operations.length, 'operation')}
        {isCut && ', and more that are not listed'}.
      </p>
      {problem === null ? children : <Empty title={`${name} does not answer: ${problem}.`} />}
    </section>
  )
}

interface OpenedProps {
  readonly apps: readonly AppOperations[]
  readonly id: string | null
  readonly onClose: () => void
}

/** The operation of the address. */
function Opened({ apps, id, onClose }: OpenedProps) {
  const all = apps.flatMap((app) => app.operations.map((operation) => ({ app, operation })))
  const found = all.find(({ app, operation }) => operationId(app.name, operation) === id)
  return found ? <OperationPanel {...found} onClose={onClose} /> : null
}
