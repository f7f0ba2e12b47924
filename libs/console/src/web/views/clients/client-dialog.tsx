import { useState } from 'preact/hooks'
import { changeClient, createClient, type Client } from '../../api/clients.ts'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { useAction } from '../../data/use-action.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { useToast } from '../../parts/toast.tsx'
import { parseAttributes } from './attributes.ts'
import { ClientFields } from './client-fields.tsx'
import { CLIENT_FIELDS, clientValues, toInput, toPatch, type ClientValues } from './client-form.ts'
import { browserZone } from '../../format/zone.ts'

interface ClientDialogProps {
  /** undefined: a new one. */
  readonly client: Client | undefined
  readonly onClose: () => void
  readonly onDone: (client: Client) => void
}

/** The form of a client. */
export function ClientDialog({ client, onClose, onDone }: ClientDialogProps) {
  const toast = useToast()
  const [values, setValues] = useState(() => clientValues(client, browserZone()))
  const save = useAction(async () => {
    const saved = client
      ? await changeClient(client.id, toPatch(values, client))
      : await createClient(toInput(values))
    toast(client ? 'Saved' : `Added: ${saved.phone}`)
    onDone(saved)
  })
  const attributesError =
    parseAttributes(values.attributes) === undefined ? 'A JSON object, e.g. {"name": "Anna"}.' : undefined
  const problem = (field: (typeof CLIENT_FIELDS)[number]) =>
    (field === '/attributes' ? attributesError : undefined) ?? fieldError(save.error, field)
  const submit = (event: Event) => {
    event.preventDefault()
    if (attributesError === undefined) save.run()
  }
  return (
    <Dialog title={client ? 'Edit client' : 'Add client'} open onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div class="form">
          {save.error && !isBeside(save.error, CLIENT_FIELDS) && <ActionError error={save.error} />}
          <ClientFields
            values={values}
            isSuppressed={client?.optedOut === true}
            set={(change: Partial<ClientValues>) => setValues((before) => ({ ...before, ...change }))}
            problem={problem}
          />
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={save.busy}>
            {client ? 'Save' : 'Add'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
