import { getAddresses } from '../../api/addresses.ts'
import { getLog, type LogEntry } from '../../api/logs.ts'
import { useMe } from '../../data/me.tsx'
import { randomKey } from '../../data/random-key.ts'
import { useResource } from '../../data/use-resource.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { StepButtons } from './step-buttons.tsx'
import { LogDetails } from './log-details.tsx'
import { toCurl } from './to-curl.ts'

interface LogPanelProps {
  readonly id: string
  readonly onClose: () => void
  /** Adds a condition to the query. */
  readonly onTerm: (term: string) => void
  /** The address of this entry that leads to the same at any time. */
  readonly linkOf: () => string
  /** The address of all entries around this one. */
  readonly contextHref: (entry: LogEntry) => string
  /** Shows a field in a column of its own, or no longer. */
  readonly onColumn: (field: string) => void
  /** Counts the values of a field. */
  readonly onCount: (field: string) => void
  /** To the entry above (-1) or below (1) in the list; undefined where there is none. */
  readonly onStep: (by: -1 | 1) => (() => void) | undefined
}

/** One entry in full. */
export function LogPanel({
  id,
  onClose,
  onTerm,
  onColumn,
  onCount,
  contextHref,
  linkOf,
  onStep,
}: LogPanelProps) {
  const entry = useResource(id, (signal) => getLog(id, signal))
  // Not the one before while the next is under way: it would stand under the wrong address.
  const current = entry.dataKey === id ? entry : { ...entry, data: undefined }
  return (
    <SidePanel
      title="Log entry"
      onClose={onClose}
      actions={
        <>
          <StepButtons onStep={onStep} />
          {current.data && (
            <a class="button" href={contextHref(current.data)}>
              Show around this
            </a>
          )}
          {current.data && <CopyActions entry={current.data} linkOf={linkOf} />}
        </>
      }
    >
      <Loaded resource={current}>
        {(data) => <LogDetails entry={data} onTerm={onTerm} onColumn={onColumn} onCount={onCount} />}
      </Loaded>
    </SidePanel>
  )
}

function CopyActions({ entry, linkOf }: { entry: LogEntry } & Pick<LogPanelProps, 'linkOf'>) {
  const addresses = useResource('addresses', getAddresses)
  const needsKey = useMe()?.kind !== 'open'
  const ingest = addresses.data?.ingest
  return (
    <>
      <CopyButton label="Copy as JSON" text={() => JSON.stringify(entry.data, null, 2)} />
      <CopyButton label="Copy link" text={linkOf} />
      {/* Last: it comes later, and moves nothing that may be pressed by then. */}
      {ingest !== undefined && (
        <CopyButton
          label="Copy as curl"
          text={() => toCurl({ ingest, data: entry.data, needsKey, eventId: randomKey() })}
        />
      )}
    </>
  )
}
