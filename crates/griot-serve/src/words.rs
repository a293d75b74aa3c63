//! What the door and the server refuse by themselves, in words: what happened, and what to do. All else is refused by
//! the studio, in its own words.

use griot_app::{AppError, Code};
use griot_domain::Lang;
use http::StatusCode;

/// Why something is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request names another host than this server's address.
    WrongHost,
    /// Another page asks.
    Foreign,
    /// Something is changed, and the request does not say which page asks.
    NoOrigin,
    /// The page is not signed in.
    NoSession,
    /// The address was used already, is too old, or was never given.
    Token,
    /// A film's address that is too old or was never given.
    Film,
    /// Nothing is there.
    NotFound,
    /// A part beyond the end of a file.
    Beyond,
    /// It is there, and cannot be asked in this way.
    Method,
    /// The request is larger than it may be.
    TooLong,
    /// A piece of a file is larger than it may be, or than it said.
    PieceTooLong,
    /// A file does not say how large it is.
    NoLength,
    /// The request did not come to its end.
    Broken,
    /// The request is not what is taken there.
    BadRequest,
    /// Too many windows listen.
    TooMany,
    /// The task that was to answer is gone.
    Defect,
}

use Refusal as R;

impl Refusal {
    /// The status, and the sentence in this language.
    pub(crate) fn say(self, lang: Lang) -> (StatusCode, AppError) {
        let (status, code) = self.code();
        let (fr, en) = self.message();
        let (hint_fr, hint_en) = self.hint();
        (status, AppError::new(code, lang.pick(fr, en), lang.pick(hint_fr, hint_en)))
    }

    fn code(self) -> (StatusCode, Code) {
        match self {
            R::WrongHost => (StatusCode::MISDIRECTED_REQUEST, Code::BadRequest),
            R::Foreign | R::NoOrigin => (StatusCode::FORBIDDEN, Code::BadRequest),
            R::NoSession => (StatusCode::UNAUTHORIZED, Code::NoSession),
            R::Token => (StatusCode::FORBIDDEN, Code::NoSession),
            R::Film | R::NotFound => (StatusCode::NOT_FOUND, Code::NotFound),
            R::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, Code::BadRequest),
            R::Method => (StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest),
            R::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest),
            R::PieceTooLong => (StatusCode::PAYLOAD_TOO_LARGE, Code::MediaTooLarge),
            R::NoLength => (StatusCode::LENGTH_REQUIRED, Code::BadRequest),
            R::Broken => (StatusCode::REQUEST_TIMEOUT, Code::BadRequest),
            R::BadRequest => (StatusCode::BAD_REQUEST, Code::BadRequest),
            R::TooMany => (StatusCode::SERVICE_UNAVAILABLE, Code::NotNow),
            R::Defect => (StatusCode::INTERNAL_SERVER_ERROR, Code::Bug),
        }
    }

    fn message(self) -> (&'static str, &'static str) {
        match self {
            R::WrongHost => {
                ("Griot ne répond pas sous cette adresse.", "Griot does not answer under this address.")
            }
            R::Foreign => {
                ("Une autre page demande cela à votre place.", "Another page asks for this in your place.")
            }
            R::NoOrigin => (
                "Cette demande ne dit pas de quelle page elle vient.",
                "This request does not say which page it comes from.",
            ),
            R::NoSession => {
                ("Cette page n’est pas encore reliée à Griot.", "This page is not connected to Griot yet.")
            }
            R::Token => (
                "Cette adresse a déjà servi, ou elle a plus de dix minutes.",
                "This address has been used already, or it is more than ten minutes old.",
            ),
            R::Film => {
                ("L’adresse de ce film n’est plus valable.", "The address of this film is no longer valid.")
            }
            R::NotFound => ("Il n’y a rien à cette adresse.", "There is nothing at this address."),
            R::Beyond => ("Ce fichier finit avant cet endroit.", "This file ends before that place."),
            R::Method => ("Cette adresse ne se demande pas ainsi.", "This address is not asked in this way."),
            R::TooLong => (
                "Cette demande dépasse ce que Griot prend en une fois.",
                "This request is larger than Griot takes at once.",
            ),
            R::PieceTooLong => (
                "Ce fichier dépasse la taille annoncée, ou arrive en morceaux de plus de 8\u{a0}Mio.",
                "This file is larger than it was said to be, or comes in pieces of more than 8 MiB.",
            ),
            R::NoLength => ("Ce fichier ne dit pas sa taille.", "This file does not say how large it is."),
            R::Broken => ("Cette demande s’est interrompue en route.", "This request broke off on its way."),
            R::BadRequest => {
                ("Griot ne comprend pas cette demande.", "Griot does not understand this request.")
            }
            R::TooMany => (
                "Trop de fenêtres regardent déjà ce studio.",
                "Too many windows look at this studio already.",
            ),
            R::Defect => (
                "Griot a rencontré un défaut\u{a0}: cette demande n’a pas de réponse. Le reste est intact.",
                "Griot met a defect: this request has no answer. The rest is intact.",
            ),
        }
    }

    fn hint(self) -> (&'static str, &'static str) {
        match self {
            R::WrongHost => (
                "Ouvrez l’adresse que griot serve a écrite, telle quelle.",
                "Open the address that griot serve wrote, as it is.",
            ),
            R::Foreign | R::NoOrigin => (
                "Revenez à la fenêtre de Griot et recommencez là.",
                "Go back to the window of Griot and do it there.",
            ),
            R::NoSession | R::Token => (
                "Appuyez sur Entrée dans le terminal de griot serve, puis ouvrez la nouvelle adresse.",
                "Press Enter in the terminal of griot serve, then open the new address.",
            ),
            R::Film => ("Relancez la lecture.", "Play it again."),
            R::NotFound | R::Beyond | R::Method => ("Revenez à l’accueil.", "Go back to the start."),
            R::TooLong => ("Faites-le en plusieurs fois.", "Do it in several steps."),
            R::PieceTooLong | R::NoLength => ("Choisissez le fichier à nouveau.", "Choose the file again."),
            R::Broken | R::BadRequest | R::Defect => ("Recommencez.", "Do it again."),
            R::TooMany => ("Fermez-en une, puis recommencez.", "Close one, then do it again."),
        }
    }
}

/// The status under which an error of the studio travels. The page looks at the error alone.
pub(crate) fn status(code: Code) -> StatusCode {
    match code {
        Code::BadRequest
        | Code::UnknownNetwork
        | Code::BadTime
        | Code::BadZone
        | Code::TimeSkipped
        | Code::TimePast => StatusCode::BAD_REQUEST,
        Code::NoSession => StatusCode::UNAUTHORIZED,
        Code::NotFound | Code::NoWorkspace => StatusCode::NOT_FOUND,
        Code::WorkspaceExists
        | Code::WorkerBusy
        | Code::Conflict
        | Code::AlreadyScheduled
        | Code::ConfirmNeeded
        | Code::CorrectionOpen
        | Code::NotNow
        | Code::Cancelled => StatusCode::CONFLICT,
        Code::MediaTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::NotMedia | Code::MediaDamaged | Code::MediaUnsupported | Code::Refused => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Code::Auth | Code::Offline | Code::NotTheNetwork | Code::Network => StatusCode::BAD_GATEWAY,
        Code::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::DatabaseTooNew
        | Code::DatabaseDamaged
        | Code::NoRights
        | Code::FfmpegMissing
        | Code::Secrets
        | Code::Environment
        | Code::Bug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Refusal] = &[
        R::WrongHost,
        R::Foreign,
        R::NoOrigin,
        R::NoSession,
        R::Token,
        R::Film,
        R::NotFound,
        R::Beyond,
        R::Method,
        R::TooLong,
        R::PieceTooLong,
        R::NoLength,
        R::Broken,
        R::BadRequest,
        R::TooMany,
        R::Defect,
    ];

    #[test]
    fn each_refusal_says_in_both_languages_what_happened_and_what_to_do() {
        for refusal in ALL {
            let ((status, fr), (_, en)) = (refusal.say(Lang::Fr), refusal.say(Lang::En));
            assert!(status.is_client_error() || status.is_server_error(), "{refusal:?}");
            for text in [&fr.message, &fr.hint, &en.message, &en.hint] {
                assert!(text.ends_with('.') && text.len() > 10, "{refusal:?}: {text}");
                assert!(!text.contains('!') && !text.contains(" :"), "{text}");
            }
            assert!(fr.message != en.message && fr.hint != en.hint, "{refusal:?}");
        }
    }
}
