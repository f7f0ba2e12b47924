import { useLocation } from 'preact-iso'
import { editMailing, getMailing, type Mailing, type MailingStatus } from '../../api/mailings.ts'
import { useAction } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useToast } from '../../parts/toast.tsx'
import { formOf, toEdit, type FormValues } from './form-values.ts'
import { MailingForm } from './mailing-form.tsx'
import { MAILINGS, mailingHref } from './mailing-path.ts'
import { mailingTitle } from './mailing-title.ts'

/** What saving does, beyond changing what is shown. */
const EFFECTS: Readonly<Partial<Record<MailingStatus, string>>> = {
  running: 'Changes apply to messages that have not been sent yet.',
  paused: 'Changes apply to messages that have not been sent yet.',
  completed: 'Failed messages are sent with these changes once they are retried.',
  expired: 'With a later end, the mailing goes on: what expired is sent.',
}

/** The form that changes a mailing, as far as its status lets it. */
export function EditMailing({ id }: { id: number }) {
  const mailing = useResource(String(id), (signal) => getMailing(id, signal))
  const { data } = mailing
  return (
    <Page title={data ? `Edit ${mailingTitle(data)}` : `Edit mailing ${id}`}>
      <p class="mailing-line">
        <a href={MAILINGS}>Mailings</a>
        <span aria-hidden="true">/</span>
        <a href={mailingHref(id)}>{id}</a>
        <span aria-hidden="true">/</span>
        <span>edit</span>
      </p>
      <Loaded resource={mailing}>
        {(found) =>
          found.status === 'cancelled' ? (
            <Empty title={`This mailing is cancelled and can no longer be changed.`}>
              <a href={mailingHref(id)}>Back to the mailing</a>
            </Empty>
          ) : (
            <Form key={found.version} mailing={found} onReload={mailing.reload} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Form({ mailing, onReload }: { mailing: Mailing; onReload: () => void }) {
  const { id, version, status, startedAt } = mailing
  const { route } = useLocation()
  const toast = useToast()
  const initial = formOf(mailing)
  const save = useAction(async (values: FormValues, over: boolean) => {
    const edit = toEdit(values, initial)
    const changed = Object.keys(edit).length > 0
    // Changes of other users stay, except where they are changed here, too.
    const base = over ? (await getMailing(id, new AbortController().signal)).data.version : version
    if (changed) await editMailing(id, edit, base)
    toast(changed ? 'Saved' : 'Nothing was changed')
    route(mailingHref(id), true)
  })
  const outdated = save.error?.trouble.code === 'conflict' && save.error.trouble.field === '/version'
  const started = startedAt !== null
  return (
    <MailingForm initial={initial} started={started} error={outdated ? undefined : save.error}>
      {({ submit }) => (
        <>
          {outdated && <Outdated onReload={onReload} />}
          <button
            type="button"
            class="primary"
            disabled={save.busy}
            onClick={() => submit((values) => save.run(values, outdated))}
          >
            {outdated ? 'Save my changes as well' : 'Save'}
          </button>
          <a class="button plain" href={mailingHref(id)}>
            Cancel
          </a>
          <span class="quiet">{EFFECTS[status]}</span>
        </>
      )}
    </MailingForm>
  )
}

function Outdated({ onReload }: { onReload: () => void }) {
  return (
    <div class="error-note form-conflict" role="alert">
      <div>
        <p class="note-title">Another user has changed this mailing in the meantime.</p>
        <p>
          Nothing is saved yet. Your changes can still be saved; everything else stays as the other users
          saved it.
        </p>
      </div>
      <button type="button" onClick={onReload}>
        Discard my changes and load the saved version
      </button>
    </div>
  )
}
