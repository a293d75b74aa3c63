//! The grammar's help in French. English stands at the grammar itself.
//!
//! What the grammar refuses is said in `refusal`; everything the studio says comes in both languages.

use clap::{Arg, ArgAction, Command};

/// `command` with its help in French.
pub(crate) fn french(command: Command) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = headed(command).about(text("").unwrap_or_default());
    let command = command.disable_version_flag(true).arg(version.help("Montrer la version"));
    let command = command.mut_args(|arg| of_argument(arg, ""));
    each(command, "")
}

fn each(command: Command, path: &str) -> Command {
    let path = path.to_owned();
    command.mut_subcommands(move |verb| {
        let path = join(&path, verb.get_name());
        let verb = match text(&path) {
            Some(about) => verb.about(about),
            None => verb,
        };
        let of = path.clone();
        let verb = verb.mut_args(move |arg| of_argument(arg, &of));
        each(headed(verb), &path)
    })
}

/// An argument with its French help; what it is otherwise stands in the same words as where the grammar's text says it.
fn of_argument(arg: Arg, verb: &str) -> Arg {
    let Some(help) = text(&format!("{verb}.{}", arg.get_id())) else { return arg };
    let hidden = arg.is_hide_default_value_set();
    let otherwise: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if hidden || otherwise.is_empty() || !arg.get_action().takes_values() {
        return arg.help(help);
    }
    arg.help(format!("{help} [sinon\u{a0}: {}]", otherwise.join(", "))).hide_default_value(true)
}

/// The headings and the flag for help; "Arguments" and "Options" are French already.
fn headed(command: Command) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command
        .disable_help_flag(true)
        .arg(help.help("Montrer cette aide"))
        .help_template("{about-with-newline}\nUsage\u{a0}: {usage}\n\n{all-args}")
        .subcommand_help_heading("Verbes")
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}

/// The French of a verb (`accounts add`) or of one of its arguments (`accounts add.handle`).
fn text(path: &str) -> Option<&'static str> {
    WORDS.iter().find(|(of, _)| *of == path).map(|(_, words)| *words)
}

const WORDS: &[(&str, &str)] = &[
    ("", "Préparer, programmer et publier\u{a0}; prouver que c’est en ligne."),
    (
        ".workspace",
        "Le dossier de l’espace de travail [sinon\u{a0}: GRIOT_WORKSPACE, puis le dossier des données du système]",
    ),
    (".json", "Répondre par un objet JSON sur une ligne"),
    (".lang", "La langue des réponses\u{a0}: fr ou en [sinon\u{a0}: celle du système]"),
    (
        ".secrets",
        "Où sont les secrets\u{a0}: keychain, ou file:CHEMIN sous GRIOT_PASSPHRASE [sinon\u{a0}: keychain]",
    ),
    ("init", "Créer l’espace de travail"),
    ("accounts", "Connecter, lister, vérifier et retirer des comptes"),
    ("accounts fields", "Ce qu’un réseau demande pour se connecter"),
    ("accounts fields.network", "Le réseau"),
    (
        "accounts add",
        "Connecter un compte\u{a0}; le secret vient de l’entrée standard, une ligne ou un objet JSON des champs",
    ),
    ("accounts add.network", "Le réseau"),
    ("accounts add.server", "L’adresse du serveur, si le réseau en a plusieurs"),
    ("accounts add.handle", "L’identité"),
    ("accounts add.name", "Le nom que vous lui donnez"),
    (
        "accounts add.by_hand",
        "Vous publiez à la main, même si le réseau peut être connecté ; rien n’est lu sur l’entrée standard",
    ),
    (
        "accounts add.browser",
        "Vous donnez votre accord sur la page du réseau, dont l’adresse s’affiche ; l’entrée standard donne ce qu’elle demande",
    ),
    (
        "accounts add.page",
        "Laquelle de vos Pages connecter, par son numéro ou son nom, quand vous en avez plusieurs",
    ),
    ("accounts list", "Lister les comptes"),
    ("accounts check", "Demander au réseau si un compte est utilisable"),
    ("accounts check.id", "Le compte"),
    ("accounts remove", "Retirer un compte et son secret"),
    ("accounts remove.id", "Le compte"),
    ("import", "Prendre des fichiers ou des dossiers dans la médiathèque"),
    ("import.paths", "Des images, des vidéos, ou des dossiers qui en contiennent"),
    ("presets", "Lister les tailles et formats que les réseaux prennent"),
    ("presets.network", "Seulement ceux de ce réseau"),
    ("render", "Préparer des images pour un usage\u{a0}; sans espace de travail"),
    ("render.paths", "Des images"),
    ("render.preset", "Un format prédéfini, comme instagram/portrait\u{a0}; peut se répéter"),
    ("render.as", "Un usage écrit en entier, comme cover:1080x1350:jpeg:85\u{a0}; peut se répéter"),
    ("render.out", "Le dossier où écrire"),
    ("render.focus", "Le point que le recadrage garde, de 0 à 1"),
    ("render.max_bytes", "Aucun fichier plus lourd"),
    ("render.edit", "Ce qu’il faut changer dans chacune, comme {\"turn\":1,\"adjust\":{\"brightness\":20}}"),
    ("video", "Préparer une vidéo pour un usage\u{a0}; sans espace de travail"),
    ("video.path", "La vidéo"),
    ("video.preset", "Un format prédéfini\u{a0}; peut se répéter"),
    ("video.as", "Un usage écrit en entier, comme inside:1280x720:mp4\u{a0}; peut se répéter"),
    ("video.out", "Le dossier où écrire"),
    ("video.from", "Début de la partie à garder, en secondes"),
    ("video.to", "Fin de la partie à garder, en secondes"),
    ("video.max_bytes", "Aucun fichier plus lourd"),
    ("video.subtitles", "SRT ou WebVTT, incrustés"),
    ("video.cover", "La seconde dont l’image devient la couverture"),
    ("video.edit", "Ce qu’il faut y changer, comme {\"mute\":true,\"turn\":1}"),
    ("check", "Compter un texte et juger une publication pour un réseau\u{a0}; sans espace de travail"),
    ("check.network", "Le réseau"),
    ("check.to", "Le compte dont les limites du serveur comptent [sinon\u{a0}: le seul de ce réseau]"),
    ("check.media", "Une image ou une vidéo"),
    ("check.alt", "Ce que montre le fichier d’avant, pour qui ne le voit pas"),
    ("check.set", "Un champ que le réseau déclare"),
    ("check.text", "Le texte\u{a0}; - lit l’entrée standard, -- précède un texte qui commence par un tiret"),
    ("post", "Écrire une publication et la programmer"),
    ("post.text", "Le texte\u{a0}; - lit l’entrée standard"),
    ("post.media", "Une image ou une vidéo"),
    ("post.alt", "Ce que montre le fichier d’avant, pour qui ne le voit pas"),
    ("post.variant-media", "Une autre image ou vidéo pour un réseau, au lieu de celles de la publication"),
    ("post.to", "Les comptes\u{a0}: numéro, identité, ou réseau qui n’a qu’un compte"),
    ("post.variant", "Un autre texte pour un réseau"),
    ("post.set", "Un champ qu’un réseau déclare"),
    ("post.at", "Quand, 2026-12-01T09:00 [sinon\u{a0}: dès que possible]"),
    ("post.zone", "Le fuseau de cette heure, Africa/Bamako [sinon\u{a0}: celui de l’espace]"),
    ("post.late", "En retard\u{a0}: hold (attendre), drop (annuler) ou publish:MINUTES"),
    ("post.draft", "Garder en brouillon"),
    ("post.again", "La publier encore, bien que la même ait été écrite aujourd’hui pour le même compte"),
    ("post.yes", "Ne pas demander avant de publier tout de suite sur plusieurs comptes"),
    ("correct", "Remplacer ce qui est programmé par un texte corrigé"),
    ("correct.post", "La publication"),
    (
        "correct.text",
        "Le texte qui prend la place de celui qui est programmé\u{a0}; - lit l’entrée standard [sinon\u{a0}: la correction gardée]",
    ),
    ("correct.abandon", "Abandonner la correction gardée\u{a0}: ce qui est programmé reste tel quel"),
    ("move", "Donner une autre heure à tout ce qui est programmé d’une publication"),
    ("move.post", "La publication"),
    ("move.at", "Quand, 2026-12-01T09:00"),
    ("move.now", "Dès que possible"),
    ("move.zone", "Le fuseau de cette heure [sinon\u{a0}: celui dans lequel elle a été programmée]"),
    ("move.to", "Seulement pour ces comptes"),
    ("move.yes", "Ne pas demander avant de publier tout de suite sur plusieurs comptes"),
    ("queue", "Lister ce qui attend, ce qui est parti, ce qui vous demande"),
    ("queue.state", "Seulement celles dans cet état"),
    (
        "queue send",
        "Envoyer maintenant ce qui tient dans les minutes où il y a du réseau\u{a0}; le reste est gardé pendant ce temps",
    ),
    ("queue send.minutes", "Combien de minutes"),
    ("queue send.later", "Ce qui est prévu plus tard peut partir aussi"),
    ("queue send.dry_run", "Dire seulement ce qui partirait"),
    ("queue traffic", "Ce qui est parti aujourd’hui et ce mois-ci, ce qui reste, et la vitesse de la ligne"),
    ("delivery", "Montrer un envoi et ses tentatives, ou agir sur lui"),
    ("delivery.id", "L’envoi"),
    ("delivery confirm", "Dire qu’il est en ligne"),
    ("delivery confirm.url", "Son adresse"),
    ("delivery retry", "Essayer de nouveau"),
    ("delivery cancel", "L’annuler"),
    ("delivery release", "Le laisser partir bien qu’il soit retenu"),
    ("delivery hand-over", "La confier à son réseau avec sa date"),
    ("delivery withdraw", "La reprendre à son réseau"),
    ("delivery edit", "Donner à ce qui est en ligne un autre texte sur son réseau\u{a0}; les médias restent"),
    ("delivery edit.text", "Le texte"),
    ("delivery edit.stdin", "Lire le texte sur l’entrée standard"),
    ("delivery edit.dry_run", "Dire seulement si cela se peut"),
    ("delivery delete", "Supprimer de son réseau ce qui est en ligne\u{a0}; là-bas, cela ne se défait pas"),
    ("delivery delete.dry_run", "Dire seulement si cela se peut"),
    ("delivery leave", "Laisser tel quel ce qui est en ligne, tant que rien n’est parti"),
    ("delivery copy", "Récrire en brouillon ce qui est parti"),
    ("hand-over", "Confier tout ce qui vient aux réseaux qui gardent une date"),
    ("hand-over.days", "Tant de jours à partir de maintenant"),
    ("hand-over.dry_run", "Dire seulement ce qui serait confié"),
    ("delivery move", "Lui donner une autre heure"),
    ("delivery move.at", "Quand, 2026-12-01T09:00"),
    (
        "delivery move.zone",
        "Le fuseau de cette heure [sinon\u{a0}: celui qu\u{2019}elle a, puis celui de l\u{2019}espace]",
    ),
    ("run", "Faire partir la file d’attente"),
    ("run.until_idle", "Finir quand rien ne bouge plus sans vous ou avant une heure à venir"),
    ("run.max_seconds", "Finir après tant de secondes"),
    ("serve", "Montrer le studio dans un navigateur de cette machine, et faire partir la file d’attente"),
    ("serve.port", "Le port sur 127.0.0.1 [sinon\u{a0}: un port libre]"),
    ("journal", "Exporter et vérifier les preuves"),
    ("journal export", "Écrire le journal dans un fichier"),
    ("journal export.file", "Le fichier à écrire"),
    (
        "journal verify",
        "Vérifier un journal\u{a0}: chaque entrée suit la précédente, l’appareil a signé la dernière",
    ),
    ("journal verify.file", "Le fichier à lire"),
    ("journal verify.head", "Une empreinte que vous aviez gardée\u{a0}: le journal doit la contenir"),
    ("backup", "Écrire tout l’espace de travail dans un fichier"),
    ("backup.file", "Le fichier à écrire"),
    ("restore", "Créer l’espace de travail depuis une sauvegarde"),
    ("restore.file", "Le fichier à lire"),
    ("doctor", "Dire ce qui est là, ce qui manque et quoi faire"),
    ("call", "Appeler une commande du studio"),
    ("call.command", "Son nom, nom.verbe"),
    ("call.request", "Sa demande, un objet JSON\u{a0}; - lit l’entrée standard"),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Cli;

    fn missing(command: &Command, path: &str, out: &mut Vec<String>) {
        out.extend(text(path).is_none().then(|| path.to_owned()));
        let arguments = command.get_arguments().map(|arg| format!("{path}.{}", arg.get_id()));
        out.extend(arguments.filter(|path| text(path).is_none()));
        for verb in command.get_subcommands() {
            missing(verb, &join(path, verb.get_name()), out);
        }
    }

    #[test]
    fn everything_has_its_french() {
        let mut out = Vec::new();
        missing(&Cli::command(), "", &mut out);
        assert_eq!(out, Vec::<String>::new());
    }

    #[test]
    fn the_french_grammar_holds_together() {
        french(Cli::command()).debug_assert();
        let help = french(Cli::command()).render_help().to_string();
        assert!(
            help.contains("Faire partir la file d’attente") && !help.contains("Work the outbox"),
            "{help}"
        );
        assert!(help.contains("Montrer cette aide") && !help.contains("Print"), "{help}");
        let of_verb = french(Cli::command()).try_get_matches_from(["griot", "queue", "send", "--help"]);
        let help = of_verb.unwrap_err().to_string();
        assert!(help.contains("Montrer cette aide") && !help.contains("Print"), "{help}");
    }
}
