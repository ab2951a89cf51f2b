import { catalogue } from '../words/catalogue.js'

/** The words of the parts that all views share. */
export const words = catalogue({
  en: {
    loading: 'Loading…',
    tryAgain: 'Try again',
    request: (id: string) => `Request ${id}`,
    partial: 'Not everything is here.',
    copy: 'Copy',
    copied: 'Copied',
    close: 'Close',
    cancel: 'Cancel',
    never: 'never',
    now: 'just now',
    more: 'Show more',
  },
  tr: {
    loading: 'Yükleniyor…',
    tryAgain: 'Yeniden dene',
    request: (id) => `İstek ${id}`,
    partial: 'Her şey burada değil.',
    copy: 'Kopyala',
    copied: 'Kopyalandı',
    close: 'Kapat',
    cancel: 'Vazgeç',
    never: 'hiç',
    now: 'az önce',
    more: 'Daha fazla',
  },
  cs: {
    loading: 'Načítá se…',
    tryAgain: 'Zkusit znovu',
    request: (id) => `Požadavek ${id}`,
    partial: 'Není tu všechno.',
    copy: 'Kopírovat',
    copied: 'Zkopírováno',
    close: 'Zavřít',
    cancel: 'Zrušit',
    never: 'nikdy',
    now: 'právě teď',
    more: 'Zobrazit další',
  },
})
