//! The page's one command: a name of the studio's table and what it asks.

use std::sync::Arc;

use griot_app::{AppError, Code, Studio, dispatch};
use serde_json::Value;
use tauri::State;

use crate::ending::Ending;

/// Carries a command of the page to the studio. Commands block, so each has a thread of its own.
#[tauri::command]
pub(crate) async fn rpc(
    studio: State<'_, Arc<Studio>>,
    ending: State<'_, Ending>,
    name: String,
    request: Value,
) -> Result<Value, AppError> {
    let _under_way = ending.calls.read().await;
    let called = Arc::clone(&studio);
    let answer = tauri::async_runtime::spawn_blocking(move || dispatch(&called, &name, request)).await;
    // `dispatch` catches panics; what is left is a program that ends while the page still asks.
    answer.unwrap_or_else(|error| Err(AppError::new(Code::Cancelled, error.to_string(), "")))
}
