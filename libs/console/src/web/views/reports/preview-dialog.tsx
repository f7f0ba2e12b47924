import { useState } from 'preact/hooks'
import { getReportPreview, previewHref, sendReportNow, type NotificationSettings } from '../../api/reports.ts'
import { useAction } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { Needs } from '../../parts/needs.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Code } from '../../parts/code.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Select } from '../../parts/select.tsx'
import { useToast } from '../../parts/toast.tsx'

interface PreviewDialogProps {
  /** Undefined: yesterday, in the time zone of reports. */
  readonly day: string | undefined
  readonly settings: NotificationSettings | undefined
  readonly onClose: () => void
  readonly onSent: () => void
}

/** The report of a day as it would be sent now, and a way to have it sent to oneself. */
export function PreviewDialog({ day, settings, onClose, onSent }: PreviewDialogProps) {
  const preview = useResource(day ?? 'yesterday', (signal) => getReportPreview(day, signal))
  return (
    <Dialog
      title={`Report of ${preview.data?.day ?? day ?? 'yesterday'}`}
      open
      onClose={onClose}
      class="preview-dialog"
    >
      <div class="dialog-body">
        <Loaded resource={preview}>
          {({ subject, text }) => (
            <>
              <p>
                <b>{subject}</b>
              </p>
              <Code text={text} label="Text of the report" />
            </>
          )}
        </Loaded>
        {settings && preview.data && <SendNow day={preview.data.day} settings={settings} onSent={onSent} />}
      </div>
      <div class="dialog-foot">
        <a class="button" href={previewHref(day)} target="_blank" rel="noreferrer">
          As mail programs show it
        </a>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}

interface SendNowProps {
  readonly day: string
  readonly settings: NotificationSettings
  readonly onSent: () => void
}

function SendNow({ day, settings, onSent }: SendNowProps) {
  const people = [...new Set([...settings.report.to, ...settings.alerts.emails])]
  const [to, setTo] = useState(people[0] ?? '')
  const toast = useToast()
  const send = useAction(async () => {
    await sendReportNow(to, day)
    toast(`On its way to ${to}`)
    onSent()
  })
  if (!settings.email || people.length === 0) return null
  return (
    <>
      <ActionError error={send.error} />
      <p class="send-now">
        <Select
          label="Send to"
          value={to}
          options={people.map((value) => ({ value, label: value }))}
          onChange={setTo}
        />
        <Needs scope="system:write">
          <button type="button" class="primary" disabled={send.busy} onClick={send.run}>
            Send now
          </button>
        </Needs>
      </p>
    </>
  )
}
