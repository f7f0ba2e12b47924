import { useLocation } from 'preact-iso'
import { useRef, useState } from 'preact/hooks'
import { createMailing, getMailing } from '../../api/mailings.ts'
import { useAction } from '../../data/use-action.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { plural } from '../../format/number.ts'
import { Needs } from '../../parts/needs.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useToast } from '../../parts/toast.tsx'
import { copyForm, emptyForm, toInput, type FormValues } from './form-values.ts'
import { MailingForm } from './mailing-form.tsx'
import { MAILINGS, mailingHref } from './mailing-path.ts'
import { createRequestKeys } from './request-keys.ts'
import { ReviewDialog } from './review-dialog.tsx'

/** The form of a new mailing; `from` names one to begin with. */
export function NewMailing() {
  const { params } = useQueryParams()
  const from = Number(params.get('from') ?? '')
  const original = useResource(from > 0 ? String(from) : undefined, (signal) => getMailing(from, signal))
  return (
    <Page title="New mailing">
      <p class="mailing-line">
        <a href={MAILINGS}>Mailings</a>
        <span aria-hidden="true">/</span>
        <span>{from > 0 ? `copy of ${from}` : 'new'}</span>
      </p>
      {from > 0 ? (
        <Loaded resource={original}>{(mailing) => <Form initial={copyForm(mailing, Date.now())} />}</Loaded>
      ) : (
        <Form initial={emptyForm(Date.now())} />
      )}
    </Page>
  )
}

function Form({ initial }: { initial: FormValues }) {
  const { route } = useLocation()
  const toast = useToast()
  const keys = useRef(createRequestKeys())
  const [reviewed, setReviewed] = useState<FormValues>()
  const create = useAction(async (values: FormValues, draft: boolean) => {
    const input = toInput(values, draft)
    const mailing = await createMailing(input, keys.current(JSON.stringify(input)))
    toast(draft ? 'The draft was saved' : 'The mailing was created')
    route(mailingHref(mailing.id), true)
  })
  return (
    <>
      <MailingForm initial={initial} error={create.error}>
        {({ values, count, submit }) => (
          <>
            <Needs scope="mailings:send">
              <button
                type="button"
                class="primary"
                disabled={create.busy}
                onClick={() => submit(setReviewed)}
              >
                {values.startsLater ? 'Review and schedule' : 'Review and send'}
                {count !== undefined && ` to ${plural(count, 'client')}`} …
              </button>
            </Needs>
            <button
              type="button"
              disabled={create.busy}
              onClick={() => submit((values) => create.run(values, true))}
            >
              Save as draft
            </button>
            <a class="button plain" href={MAILINGS}>
              Cancel
            </a>
          </>
        )}
      </MailingForm>
      {reviewed && (
        <ReviewDialog
          values={reviewed}
          action={create}
          onConfirm={() => create.run(reviewed, false)}
          onClose={() => setReviewed(undefined)}
        />
      )}
    </>
  )
}
