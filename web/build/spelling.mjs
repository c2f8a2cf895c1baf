// One spelling of Japanese words: the packages write サーバ and ユーザ, we write
// サーバー and ユーザー, as ARCHITECTURE.md's list of words says.
const words = /(エクスプローラ|エディタ|コンピュータ|サーバ|セレクタ|センサ|タイマ|ナビゲータ|パーサ|バッファ|パラメータ|フィルタ|フォルダ|ブラウザ|ブローカ|ヘッダ|ユーザ|リスナ)(?![ァ-ヺー])/gu

/** Gives a text of the packages, in a language, in our spelling. */
export const spelled = (lang, text) => (lang === 'ja' ? text.replace(words, '$1ー') : text)
