import { useState } from 'preact/hooks'
import { getKeys, type AccessKey, type IssuedKey } from '../../api/keys.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Needs } from '../../parts/needs.tsx'
import { Page } from '../../parts/page.tsx'
import { CreateKey } from './create-key.tsx'
import { IssuedKeyDialog } from './issued-key-dialog.tsx'
import { KeyTable } from './key-table.tsx'
import { KeyUsage } from './key-usage.tsx'
import { RevokeKey } from './revoke-key.tsx'
import { RotateKey } from './rotate-key.tsx'

type Open =
  | { readonly what: 'create' }
  | { readonly what: 'issued'; readonly issued: IssuedKey }
  | { readonly what: 'rotate' | 'revoke'; readonly key: AccessKey }

/** API keys: who may send and read, with what, and until when. */
export default function Keys() {
  const keys = useResource('keys', getKeys)
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const done = (issued?: IssuedKey) => {
    setOpen(issued && { what: 'issued', issued })
    keys.reload()
  }
  const actions = (
    <Needs scope="keys:write">
      <button type="button" class="primary" onClick={() => setOpen({ what: 'create' })}>
        New key
      </button>
    </Needs>
  )
  return (
    <Page title="API keys" actions={actions}>
      <Loaded resource={keys}>
        {({ items }) =>
          items.length > 0 ? (
            <KeyTable
              keys={items}
              onRotate={(key) => setOpen({ what: 'rotate', key })}
              onRevoke={(key) => setOpen({ what: 'revoke', key })}
            />
          ) : (
            <Empty title="There are no keys yet.">A key lets a machine send events, or read them.</Empty>
          )
        }
      </Loaded>
      <KeyUsage />
      {open?.what === 'create' && <CreateKey onClose={close} onDone={done} />}
      {open?.what === 'issued' && <IssuedKeyDialog issued={open.issued} onClose={close} />}
      {open?.what === 'rotate' && <RotateKey of={open.key} onClose={close} onDone={done} />}
      {open?.what === 'revoke' && <RevokeKey of={open.key} onClose={close} onDone={() => done()} />}
    </Page>
  )
}
