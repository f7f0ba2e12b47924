import { useEffect, useRef, useState } from 'preact/hooks'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { IMPORT_URL, type ImportReport } from '../../api/imports.ts'
import { buildUrl } from '../../api/build-url.ts'
import { upload } from '../../api/upload.ts'
import { useAction } from '../../data/use-action.ts'
import { plural } from '../../format/number.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Field } from '../../parts/field.tsx'
import { useToast } from '../../parts/toast.tsx'
import { CountryField } from './country-field.tsx'
import { FileDrop } from './file-drop.tsx'
import { importType } from './import-file.ts'
import { importOutcome } from './import-outcome.ts'
import { ImportProgress, type Sent } from './import-progress.tsx'
import { TimeZoneInput } from '../../parts/time-zone-input.tsx'
import { browserZone } from '../../format/zone.ts'

interface ImportDialogProps {
  readonly onClose: () => void
  /** Called with the import once it is over. */
  readonly onDone: (id: number) => void
}

const ZONE_FIELDS = ['timeZone', '/timeZone'] as const
const FIELDS = [...ZONE_FIELDS, 'country'] as const

/** What the server takes. */
const MAX_NAME_LENGTH = 255

const HINT =
  'CSV with a header (phone, operatorCode, tag, timeZone, optedOut; other columns are attributes), or NDJSON.'

/** Takes a file of clients. Closing it stops an import that is under way. */
export function ImportDialog({ onClose, onDone }: ImportDialogProps) {
  const toast = useToast()
  const [file, setFile] = useState<File>()
  const [timeZone, setTimeZone] = useState(browserZone)
  const [country, setCountry] = useState('')
  const [sent, setSent] = useState<Sent>()
  const abort = useRef(new AbortController())
  useEffect(() => () => abort.current.abort(), [])
  const contentType = file && importType(file.name)
  const run = useAction(async () => {
    if (!file || contentType === undefined) return
    setSent({ bytes: 0, totalBytes: file.size })
    const report = await upload<ImportReport>({
      url: buildUrl(IMPORT_URL, {
        ...{ timeZone: timeZone.trim(), name: file.name.slice(0, MAX_NAME_LENGTH) },
        ...(country !== '' && { country }),
      }),
      ...{ file, contentType },
      onProgress: (bytes, totalBytes) => setSent({ bytes, totalBytes }),
      signal: abort.current.signal,
    })
    const { rows, created, rejected } = report
    const refused = rejected > 0 ? `, ${plural(rejected, 'line')} refused` : ''
    toast(
      `${plural(rows, 'line')} read, ${plural(created, 'client')} created${refused}`,
      importOutcome(report).tone,
    )
    onDone(report.id)
  })
  const submit = (event: Event) => {
    event.preventDefault()
    run.run()
  }
  const zoneError = ZONE_FIELDS.map((field) => fieldError(run.error, field)).find(Boolean)
  return (
    <Dialog title="Import clients" open onClose={onClose}>
      <form onSubmit={submit}>
        <div class="form">
          {run.error && !isBeside(run.error, FIELDS) && <ActionError error={run.error} />}
          <FileDrop file={file} disabled={run.busy} hint={HINT} onFile={setFile} />
          {file && contentType === undefined && <SpreadsheetNote />}
          <Field label="Time zone for new clients whose line has none" error={zoneError}>
            <TimeZoneInput
              value={timeZone}
              invalid={zoneError !== undefined}
              disabled={run.busy}
              onChange={setTimeZone}
            />
          </Field>
          <CountryField
            value={country}
            error={fieldError(run.error, 'country')}
            disabled={run.busy}
            onChange={setCountry}
          />
          {run.busy && sent && <ImportProgress sent={sent} />}
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={onClose}>
            {run.busy ? 'Stop' : 'Cancel'}
          </button>
          <button type="submit" class="primary" disabled={run.busy || contentType === undefined}>
            Import
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function SpreadsheetNote() {
  return (
    <p class="field-error" role="alert">
      This is a spreadsheet. Save it as CSV (UTF-8) in its program, and choose that file.
    </p>
  )
}
