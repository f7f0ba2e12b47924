import { useEffect, useRef, useState } from 'preact/hooks'
import { buildUrl } from '../../api/build-url.ts'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { SUPPRESSION_IMPORT_URL, type SuppressionImportReport } from '../../api/suppressions.ts'
import { upload } from '../../api/upload.ts'
import { useAction } from '../../data/use-action.ts'
import { plural } from '../../format/number.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useToast } from '../../parts/toast.tsx'
import { CountryField } from './country-field.tsx'
import { FileDrop } from './file-drop.tsx'
import { importType } from './import-file.ts'

interface SuppressionImportProps {
  readonly channel: string
  readonly onClose: () => void
  readonly onDone: () => void
}

const FIELDS = ['country'] as const

/** What the column of addresses is named. */
const COLUMNS: Readonly<Record<string, string>> = { email: 'email', webhook: 'webhookUrl' }

/** Takes a file of phones or addresses for the suppression list, and shows what is wrong with its lines. */
export function SuppressionImport({ channel, onClose, onDone }: SuppressionImportProps) {
  const toast = useToast()
  const [file, setFile] = useState<File>()
  const [country, setCountry] = useState('')
  const [report, setReport] = useState<SuppressionImportReport>()
  const abort = useRef(new AbortController())
  useEffect(() => () => abort.current.abort(), [])
  const contentType = file && importType(file.name)
  const run = useAction(async () => {
    if (!file || contentType === undefined) return
    const read = await upload<SuppressionImportReport>({
      url: buildUrl(SUPPRESSION_IMPORT_URL, { channel, ...(country !== '' && { country }) }),
      ...{ file, contentType },
      onProgress: () => undefined,
      signal: abort.current.signal,
    })
    toast(`${plural(read.rows, 'line')} read, ${read.added} added`, read.rejected > 0 ? 'warn' : 'good')
    if (read.rejected === 0) onDone()
    else setReport(read)
  })
  const submit = (event: Event) => {
    event.preventDefault()
    run.run()
  }
  return (
    <Dialog title="Import a suppression list" open onClose={report ? onDone : onClose}>
      <form onSubmit={submit}>
        <div class="form">
          {run.error && !isBeside(run.error, FIELDS) && <ActionError error={run.error} />}
          <FileDrop
            file={file}
            disabled={run.busy}
            hint={`CSV with a header (${COLUMNS[channel] ?? 'phone'}, and perhaps reason and optedOutAt), or NDJSON.`}
            onFile={setFile}
          />
          {channel === 'gateway' && (
            <CountryField
              value={country}
              error={fieldError(run.error, 'country')}
              disabled={run.busy}
              onChange={setCountry}
            />
          )}
          {report && <RefusedLines report={report} />}
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={report ? onDone : onClose}>
            {run.busy ? 'Stop' : 'Close'}
          </button>
          <button type="submit" class="primary" disabled={run.busy || contentType === undefined}>
            Import
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** Errors of lines that are shown. */
const SHOWN_ERRORS = 20

function RefusedLines({ report: { rejected, errors } }: { report: SuppressionImportReport }) {
  return (
    <div role="alert">
      <p>{plural(rejected, 'line')} refused:</p>
      <ul>
        {errors.slice(0, SHOWN_ERRORS).map(({ line, message }) => (
          <li key={line}>
            Line {line}: {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
