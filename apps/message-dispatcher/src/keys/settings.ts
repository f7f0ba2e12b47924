import { integer, keySettings, type SettingsOf } from '@runnel/runtime'

export const dispatcherKeySettings = {
  ...keySettings,
  max: integer('KEYS_MAX', 10_000, 'API keys there may be, those that ended within 90 days included', {
    min: 10,
    max: 100_000,
  }),
}

export type KeyOptions = Pick<SettingsOf<typeof dispatcherKeySettings>, 'max'>
