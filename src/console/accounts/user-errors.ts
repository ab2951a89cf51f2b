import { catalogue } from '../words/catalogue.js'

/** Why an account was not changed, by the code of the graph. */
export const userErrors = catalogue({
  en: {
    INVALID_CREDENTIALS: 'The phone system refuses this login.',
    FLOW_NOT_SUPPORTED: 'This phone system does not log in that way.',
    PROVIDER_UNKNOWN: 'The server does not know this phone system.',
    KEY_TAKEN: 'Another account has this key.',
    INVALID_INPUT: 'Something is missing, or cannot be used.',
    IMPERSONATION_DENIED: 'The login works, but may not act for that person.',
    NOT_FOUND: 'There is no such account any more.',
    PROVIDER_UNAVAILABLE: 'The phone system did not answer as it should. Try again later.',
    MANAGED_BY_CONFIGURATION: 'This account stands in the configuration file, and is changed there.',
  },
  tr: {
    INVALID_CREDENTIALS: 'Santral bu girişi reddediyor.',
    FLOW_NOT_SUPPORTED: 'Bu santrale bu yöntemle giriş yapılmıyor.',
    PROVIDER_UNKNOWN: 'Sunucu bu santrali tanımıyor.',
    KEY_TAKEN: 'Bu anahtarlı başka bir hesap var.',
    INVALID_INPUT: 'Bir alan eksik ya da kullanılamıyor.',
    IMPERSONATION_DENIED: 'Giriş geçerli ama o kişi adına işlem yapamıyor.',
    NOT_FOUND: 'Böyle bir hesap artık yok.',
    PROVIDER_UNAVAILABLE: 'Santral gereği gibi yanıt vermedi. Daha sonra yeniden deneyin.',
    MANAGED_BY_CONFIGURATION: 'Bu hesap yapılandırma dosyasında duruyor ve orada değiştirilir.',
  },
  cs: {
    INVALID_CREDENTIALS: 'Ústředna toto přihlášení odmítá.',
    FLOW_NOT_SUPPORTED: 'Do této ústředny se takto nepřihlašuje.',
    PROVIDER_UNKNOWN: 'Server tuto ústřednu nezná.',
    KEY_TAKEN: 'Tento klíč má jiný účet.',
    INVALID_INPUT: 'Něco chybí, nebo se nedá použít.',
    IMPERSONATION_DENIED: 'Přihlášení platí, ale nesmí jednat jménem té osoby.',
    NOT_FOUND: 'Takový účet už není.',
    PROVIDER_UNAVAILABLE: 'Ústředna neodpověděla, jak má. Zkuste to později.',
    MANAGED_BY_CONFIGURATION: 'Tento účet je v konfiguračním souboru a mění se tam.',
  },
})
