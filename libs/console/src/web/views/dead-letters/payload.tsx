import type { DeadLetter } from '../../api/dead-letters.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { Code } from '../../parts/code.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { payloadForms, payloadText, type PayloadForm } from './payload-text.ts'

const LABELS: Readonly<Record<PayloadForm, string>> = { pretty: 'JSON', raw: 'As received', hex: 'Hex' }

/** What could not be stored, in the form that the address asks for. */
export function Payload({ letter, query: { params, change } }: { letter: DeadLetter; query: QueryParams }) {
  const forms = payloadForms(letter)
  const form = forms.find((one) => one === params.get('as')) ?? forms[0] ?? 'hex'
  return (
    <>
      <div class="payload-head">
        <h3>Payload</h3>
        {forms.length > 1 && (
          <Segmented
            label="Form of the payload"
            value={form}
            options={forms.map((value) => ({ value, label: LABELS[value] }))}
            onChange={(value) => change({ as: value === forms[0] ? null : value }, true)}
          />
        )}
      </div>
      {letter.payloadEncoding === 'base64' && <p class="quiet">The payload is not text.</p>}
      <div class={`payload-${form}`}>
        <Code label="Payload" text={payloadText(letter, form)} />
      </div>
    </>
  )
}
